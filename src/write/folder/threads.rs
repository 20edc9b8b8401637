//! Work on many items on the threads that are free for it: [`Threads`].

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// The threads on which something is done.
#[derive(Debug, Clone, Copy)]
pub(super) enum Threads<'a> {
    /// All of them.
    All,
    /// All but the one that finds out which parts there will be. What it shares with the others goes first, from one item to the
    /// next, and when it is ready nothing more is begun.
    Spare(&'a AtomicBool),
}

impl Threads<'_> {
    /// Does the work with each item, in no order. With what came of it goes how many items, from the first on, were begun.
    pub(super) fn each<I: Sync, T: Send>(
        self,
        items: &[I],
        work: impl Fn(&I, &mut Vec<u8>) -> T + Sync,
    ) -> (Vec<T>, usize) {
        let is_due = || match self {
            Self::All => false,
            Self::Spare(is_due) => is_due.load(Ordering::Relaxed),
        };
        let next = AtomicUsize::new(0);
        let done = Mutex::new(Vec::new());
        let on_one = || {
            let mut buffer = Vec::new();
            let mut here = Vec::new();
            while !is_due()
                && let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed))
            {
                here.push(work(item, &mut buffer));
                if matches!(self, Self::Spare(_)) {
                    rayon::yield_now();
                }
            }
            done.lock().unwrap_or_else(PoisonError::into_inner).append(&mut here);
        };
        rayon::scope(|scope| {
            let others = rayon::current_num_threads() - 1;
            let others = if matches!(self, Self::Spare(_)) { others.saturating_sub(1) } else { others };
            for _ in 0..others.min(items.len().saturating_sub(1)) {
                scope.spawn(|_| on_one());
            }
            on_one();
        });
        (done.into_inner().unwrap_or_else(PoisonError::into_inner), next.into_inner().min(items.len()))
    }
}
