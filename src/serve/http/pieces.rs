//! Bodies made piece by piece while they are sent, so that an answer about ten thousand links takes
//! the memory of one piece, and no request holds a thread for long.

use axum::body::{Body, Bytes};
use futures_util::stream::{self, StreamExt as _};

/// How many bytes an array's piece has at least, unless it is the last.
const PIECE: usize = 32 << 10;

/// A body of `pieces`, each made when the one before was taken.
pub(super) fn body(pieces: impl Iterator<Item = String> + Send + 'static) -> Body {
    let stream = stream::unfold(pieces, |mut pieces| async move {
        tokio::task::yield_now().await;
        let piece = pieces.next()?;
        Some((Ok::<_, std::convert::Infallible>(Bytes::from(piece)), pieces))
    });
    // Compression asks once more after the end.
    Body::from_stream(stream.fuse())
}

/// `before`, the JSON values `items` as the elements of an array without its brackets, and `after`.
pub(super) fn array(
    before: String,
    items: impl Iterator<Item = String> + Send + 'static,
    after: &'static str,
) -> impl Iterator<Item = String> + Send + 'static {
    let mut items = items.peekable();
    let mut out = before;
    let mut done = false;
    std::iter::from_fn(move || {
        if done {
            return None;
        }
        while let Some(item) = items.next() {
            out.push_str(&item);
            if items.peek().is_some() {
                out.push(',');
            }
            if out.len() >= PIECE {
                return Some(std::mem::take(&mut out));
            }
        }
        done = true;
        out.push_str(after);
        Some(std::mem::take(&mut out))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_of_any_length_is_whole_json_in_bounded_pieces() {
        for count in [0, 1, 2, 50_000] {
            let pieces: Vec<String> = array("[".to_owned(), (0..count).map(|n: u32| n.to_string()), "]\n").collect();
            let read: Vec<u32> = serde_json::from_str(&pieces.concat()).unwrap();
            assert_eq!(read, (0..count).collect::<Vec<_>>());
            assert!(pieces.iter().all(|piece| piece.len() < PIECE + 16));
        }
    }
}
