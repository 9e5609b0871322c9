//! What a user does in the page, and looks at.

use crate::driver::Window;
use serde_json::{Value, json};

/// Waits for the element with this mark and clicks it.
pub(crate) fn click(window: &Window, mark: &str) {
    shows(window, mark);
    run(window, &format!("{}.click()", element(mark)));
}

/// Clicks what opens a menu, and what then stands in it, by keyboard.
pub(crate) fn choose(window: &Window, menu: &str, item: &str) {
    shows(window, menu);
    run(window, &format!("{}.focus()", element(menu)));
    window.press("\u{e007}");
    click(window, item);
}

/// Writes into a field, as a paste does.
pub(crate) fn fill(window: &Window, mark: &str, text: &str) {
    shows(window, mark);
    let fill = format!(
        "const field = {}; field.focus(); field.value = arguments[0]; \
         for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, {{ bubbles: true }})); \
         return null",
        element(mark)
    );
    window.script(&fill, json!([text])).unwrap();
}

/// Waits for the element with this mark.
pub(crate) fn shows(window: &Window, mark: &str) {
    window.wait_for(&format!("{} !== null", element(mark)));
}

/// Waits until the element with this mark holds this text.
pub(crate) fn says(window: &Window, mark: &str, text: &str) {
    window.wait_for(&format!("{}?.textContent.includes({})", element(mark), json!(text)));
}

/// What the expression is in the page.
pub(crate) fn run(window: &Window, expression: &str) -> Value {
    window.script(&format!("return {expression}"), json!([])).unwrap()
}

/// Asks the desk, as the page does.
pub(crate) fn ask(window: &Window, method: &str, params: &Value) -> Value {
    let call =
        "return window.__TAURI_INTERNALS__.invoke('rpc', { method: arguments[0], params: arguments[1] })";
    window.script(call, json!([method, params])).unwrap()
}

/// Leaves a picture in both themes; neither may have anything that axe objects to.
pub(crate) fn in_both_themes(window: &Window, visit: impl Fn(&dyn Fn(&str))) {
    let axe = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(axe).unwrap();
    window.script(&format!("{axe}\nreturn null"), json!([])).unwrap();
    for theme in ["dark", "light"] {
        click(window, "nav-settings");
        click(window, &format!("theme-{theme}"));
        visit(&|name| look(window, &format!("{name}-{theme}")));
    }
}

/// What axe objects to in a page at rest: a notice on its way out is half transparent, and nothing to judge.
const LOOK: &str = "
    const moving = () =>
        document.getAnimations().filter((a) => Number.isFinite(a.effect.getComputedTiming().endTime));
    const notices = () =>
        [...document.querySelectorAll('[data-sonner-toast]')].map((n) => n.dataset.removed + n.textContent).join();
    let found, before;
    for (let looks = 0; looks < 10; looks++) {
        await Promise.allSettled(moving().map((animation) => animation.finished));
        before = notices();
        found = await window.axe.run(document, { resultTypes: ['violations'] });
        if (before === notices() && moving().length === 0) break;
    }
    return found.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html).join(' '));
";

fn look(window: &Window, name: &str) {
    window.rest_pointer();
    let violations = window.script(LOOK, json!([])).unwrap();
    window.screenshot(name);
    assert_eq!(violations, json!([]), "{name}");
}

fn element(mark: &str) -> String {
    format!("document.querySelector('[data-testid=\"{mark}\"]')")
}
