//! Where a webhook's account holds something else than its strategy says now; worked out when somebody looks.

use crate::books;
use crate::drift::differs;
use crate::wire;
use domain::{NetQuantity, Price, Timestamp};
use rust_decimal::Decimal;
use store::stated_positions::{self, StatedPosition};
use store::webhooks::Webhook;
use store::{StoreError, View};

/// A strategy and its account that have drifted apart.
#[derive(Debug)]
pub(crate) struct Drifted {
    pub(crate) stated: StatedPosition,
    pub(crate) held: NetQuantity,
    /// The newest price known of the symbol, and since when.
    pub(crate) mark: Option<(Price, Timestamp)>,
}

/// Every strategy of a webhook that has drifted, by symbol and name.
pub(crate) fn of_webhook(view: &View, webhook: &Webhook) -> Result<Vec<Drifted>, StoreError> {
    let stated = stated_positions::of_webhook(view, &webhook.id)?;
    if stated.is_empty() {
        return Ok(Vec::new());
    }
    // Books that cannot be opened hold nothing that could be compared; the decision of a signal says so.
    let Ok((_, broker)) = books::open(view, &webhook.account_id) else { return Ok(Vec::new()) };
    let positions = store::positions::list(view, Some(&webhook.account_id))?;
    let mut drifted = Vec::new();
    for stated in stated {
        let row = positions.iter().find(|position| position.symbol == stated.symbol);
        let held = row.map_or(NetQuantity::new(Decimal::ZERO), |position| position.quantity);
        let step = broker.instrument(&stated.symbol).step;
        if differs(stated.position, held, stated.sized, step) {
            let mark = row.and_then(|position| position.mark.zip(position.mark_at));
            drifted.push(Drifted { stated, held, mark });
        }
    }
    Ok(drifted)
}

/// As the webhook's card shows it.
pub(crate) fn shown(drifted: Drifted) -> wire::Drift {
    let Drifted { stated, held, .. } = drifted;
    wire::Drift {
        symbol: stated.symbol.to_string(),
        strategy: Some(stated.strategy).filter(|name| !name.is_empty()),
        stated: stated.position.to_string(),
        held: held.to_string(),
        sized: stated.sized,
        signal_id: stated.signal_id.to_string(),
        at: stated.heard_at.to_string(),
    }
}
