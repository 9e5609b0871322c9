//! A stream that can be cut from outside, whatever its reader and writer are doing.
//!
//! The session of ngrok's crate holds itself alive as long as its connection does, so the way to be rid of one for
//! certain is to end its connection.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::oneshot;

/// Cuts the stream when it is dropped.
#[derive(Debug)]
pub(crate) struct Knife {
    _sender: oneshot::Sender<()>,
}

pub(crate) struct Cuttable<S> {
    stream: S,
    cut: oneshot::Receiver<()>,
    is_cut: bool,
}

impl<S> Cuttable<S> {
    pub(crate) fn new(stream: S) -> (Self, Knife) {
        let (sender, cut) = oneshot::channel();
        (Self { stream, cut, is_cut: false }, Knife { _sender: sender })
    }

    /// Whether it was cut; else the reader is woken when it is.
    fn look(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if !self.is_cut {
            self.is_cut = Pin::new(&mut self.cut).poll(context).is_ready();
        }
        if self.is_cut { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Cuttable<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Err(error) = self.look(context) {
            return Poll::Ready(Err(error));
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Cuttable<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.is_cut {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.is_cut {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn a_waiting_reader_is_cut_off() {
        let (near, mut far) = tokio::io::duplex(16);
        let (mut stream, knife) = Cuttable::new(near);
        far.write_all(b"a").await.unwrap();
        let mut buffer = [0; 1];
        stream.read_exact(&mut buffer).await.unwrap();
        let reading = tokio::spawn(async move {
            let ended = stream.read_exact(&mut [0; 1]).await.map(|_| ());
            (ended.unwrap_err().kind(), stream)
        });
        tokio::task::yield_now().await;
        drop(knife);
        let (kind, mut stream) = reading.await.unwrap();
        assert_eq!(kind, io::ErrorKind::ConnectionAborted);
        assert!(stream.write_all(b"b").await.is_err());
    }
}
