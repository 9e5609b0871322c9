//! Bodies, read within limits.

use crate::Limits;
use axum::body::HttpBody;
use bytes::Bytes;
use http_body_util::BodyExt;
use std::time::Duration;

/// Why there is no whole body.
#[derive(Debug)]
pub(crate) enum BodyError {
    /// Over the limit; what was kept of it, and how much was seen in all.
    TooLarge {
        /// The head of it, as long as the limit at most.
        head: Bytes,
        /// How many bytes were received before reading was given up.
        seen: usize,
    },
    /// It did not come in time; what had come.
    Timeout {
        /// How many bytes were received.
        seen: usize,
    },
    /// The sender went away or broke the framing; nobody waits for an answer.
    Broken,
}

/// Reads a body. One that is too large is read on and dropped up to a second limit, because a sender that is still
/// sending does not see an answer.
pub(crate) async fn read<B>(mut body: B, limits: &Limits) -> Result<Bytes, BodyError>
where
    B: HttpBody<Data = Bytes> + Unpin,
{
    let mut kept = Kept { first: Bytes::new(), rest: Vec::new(), seen: 0 };
    match tokio::time::timeout(limits.body, fill(&mut body, &mut kept, limits)).await {
        Ok(Ok(())) if kept.seen > limits.body_bytes_max => {
            let seen = kept.seen;
            Err(BodyError::TooLarge { head: kept.into_bytes(), seen })
        }
        Ok(Ok(())) => Ok(kept.into_bytes()),
        Ok(Err(BrokenBody)) => Err(BodyError::Broken),
        Err(_elapsed) => Err(BodyError::Timeout { seen: kept.seen }),
    }
}

/// Reads and drops what is left of a body that nobody wants, within `time`.
pub(crate) async fn drop_rest<B>(mut body: B, bytes_max: usize, time: Duration)
where
    B: HttpBody<Data = Bytes> + Unpin,
{
    let mut seen = 0_usize;
    let reading = async {
        while let Some(Ok(frame)) = body.frame().await {
            seen += frame.data_ref().map_or(0, Bytes::len);
            if seen > bytes_max {
                return;
            }
        }
    };
    // Late or whole makes no difference: the answer is written next.
    let _in_time = tokio::time::timeout(time, reading).await.is_ok();
}

struct BrokenBody;

/// A body so far. Most come in one piece, which is kept without copying.
struct Kept {
    first: Bytes,
    rest: Vec<u8>,
    seen: usize,
}

impl Kept {
    fn push(&mut self, piece: Bytes, bytes_max: usize) {
        let room = bytes_max.saturating_sub(self.seen);
        self.seen += piece.len();
        let piece = piece.slice(..piece.len().min(room));
        if self.first.is_empty() && self.rest.is_empty() {
            self.first = piece;
        } else {
            if self.rest.is_empty() {
                self.rest.extend_from_slice(&self.first);
            }
            self.rest.extend_from_slice(&piece);
        }
    }

    fn into_bytes(self) -> Bytes {
        if self.rest.is_empty() { self.first } else { self.rest.into() }
    }
}

async fn fill<B>(body: &mut B, kept: &mut Kept, limits: &Limits) -> Result<(), BrokenBody>
where
    B: HttpBody<Data = Bytes> + Unpin,
{
    while !body.is_end_stream() {
        let Some(frame) = body.frame().await else { break };
        // Trailers are neither kept nor counted; hyper bounds them as it bounds headers.
        if let Ok(piece) = frame.map_err(|_| BrokenBody)?.into_data() {
            kept.push(piece, limits.body_bytes_max);
        }
        if kept.seen > limits.body_bytes_dropped_max {
            break;
        }
    }
    Ok(())
}
