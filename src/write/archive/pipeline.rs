//! Parallel compute, ordered commit: [`run`] renders and compresses parts on all threads and hands over the pieces in
//! order.
//!
//! Each thread takes the next block that waits, or else the next part. A part that fits one block is rendered and
//! compressed where it is; a larger one gives its blocks to all. Whoever finishes what comes next in the archive writes it.
//! What is in flight is bounded: a few blocks, and [`AHEAD`] bytes of pieces whose turn has not come.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Write};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::block::{BLOCK, Block, Compressor, DICTIONARY, Piece};
use crate::write::{Part, WriteError};

/// Compressed bytes that may wait for an earlier part; then no new work is begun before it is done.
const AHEAD: usize = 16 << 20;
/// Blocks of one thread that may wait for a free thread; then the one that renders compresses one itself.
const WAITING_PER_THREAD: usize = 2;

/// Takes the pieces, in order.
pub(super) trait Commit {
    /// The next piece of the part of that index. After the last piece of a part comes the first of the next one.
    fn piece(&mut self, part: usize, piece: Piece) -> Result<(), WriteError>;
}

/// Place of a piece in the archive: part, and block in it.
type Place = (usize, usize);

struct State {
    next_part: usize,
    rendering: usize,
    waiting: VecDeque<(Place, Block)>,
    finished: BTreeMap<Place, Piece>,
    finished_bytes: usize,
    /// What is written next.
    turn: Place,
    committing: bool,
    /// Threads that wait for a change.
    asleep: usize,
    /// Parts from this one on are not worked on any more.
    limit: usize,
    error: Option<(usize, WriteError)>,
    panicked: bool,
}

struct Shared<'a, P, C> {
    parts: &'a [P],
    threads: usize,
    state: Mutex<State>,
    changed: Condvar,
    commit: Mutex<&'a mut C>,
}

/// Renders and compresses `parts` on `threads` threads and commits the pieces in order. Of several faults the one of the
/// first part is returned, whatever the number of threads.
pub(super) fn run<P: Part, C: Commit + Send>(
    parts: &[P],
    threads: usize,
    commit: &mut C,
) -> Result<(), WriteError> {
    let state = State {
        next_part: 0,
        rendering: 0,
        waiting: VecDeque::new(),
        finished: BTreeMap::new(),
        finished_bytes: 0,
        turn: (0, 0),
        committing: false,
        asleep: 0,
        limit: usize::MAX,
        error: None,
        panicked: false,
    };
    let shared = Shared {
        parts,
        threads: threads.max(1),
        state: Mutex::new(state),
        changed: Condvar::new(),
        commit: Mutex::new(commit),
    };
    // Own threads: one that waits here must not hold up a pool on which the parts may be rendered.
    std::thread::scope(|scope| {
        for _ in 1..shared.threads {
            scope.spawn(|| shared.work());
        }
        shared.work();
    });
    match shared.state.into_inner().unwrap_or_else(PoisonError::into_inner).error {
        Some((_, error)) => Err(error),
        None => Ok(()),
    }
}

enum Task {
    Compress(Place, Block),
    Render(usize),
}

impl<P: Part, C: Commit> Shared<'_, P, C> {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'s>(&self, mut state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
        state.asleep += 1;
        let mut state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        state.asleep -= 1;
        state
    }

    /// Tells of a change those who wait for one: without any it would cost a call of the system for every small part.
    fn wake(&self, state: &State) {
        if state.asleep > 0 {
            self.changed.notify_all();
        }
    }

    fn work(&self) {
        let _alarm = Alarm(self);
        let mut compressor = Compressor::new();
        let mut spare = Vec::new();
        while let Some(task) = self.next_task() {
            match task {
                Task::Compress(place, block) => self.compress(&mut compressor, place, &block),
                Task::Render(index) => {
                    spare = self.render(&mut compressor, index, spare);
                    let mut state = self.lock();
                    state.rendering -= 1;
                    self.wake(&state);
                }
            }
        }
    }

    fn next_task(&self) -> Option<Task> {
        let mut state = self.lock();
        loop {
            if state.panicked {
                return None;
            }
            if let Some((place, block)) = state.waiting.pop_front() {
                return Some(Task::Compress(place, block));
            }
            let all_begun = state.next_part >= self.parts.len().min(state.limit);
            if all_begun && state.rendering == 0 {
                return None;
            }
            // The part whose turn it is has been begun before all others, so that waiting for it ends.
            if !all_begun && state.finished_bytes < AHEAD {
                state.next_part += 1;
                state.rendering += 1;
                return Some(Task::Render(state.next_part - 1));
            }
            state = self.wait(state);
        }
    }

    /// Gives `buffer` back for the next part.
    fn render(&self, compressor: &mut Compressor, index: usize, buffer: Vec<u8>) -> Vec<u8> {
        let part = &self.parts[index];
        let mut sink =
            Sink { shared: self, compressor, index, blocks: 0, buffer, dictionary: 0, stopped: false };
        let rendered = part.write_to(&mut sink);
        if sink.stopped {
            // The reason is known already; what the part made of it is not it.
            return sink.reuse();
        }
        match rendered {
            Ok(()) => sink.end(),
            Err(source) => {
                self.fail(index, index, WriteError::Part { path: part.path().to_owned(), source });
                sink.reuse()
            }
        }
    }

    fn compress(&self, compressor: &mut Compressor, place: Place, block: &Block) {
        match compressor.compress(block) {
            Ok(piece) => self.finish(place, piece),
            Err(reason) => {
                let path = self.parts[place.0].path().to_owned();
                self.fail(place.0, place.0, WriteError::Compression { path, reason });
            }
        }
    }

    /// Hands over a block, and compresses waiting ones while there are too many.
    fn submit(&self, compressor: &mut Compressor, place: Place, block: Block) -> Result<(), Stopped> {
        let mut state = self.lock();
        loop {
            if state.panicked || place.0 >= state.limit {
                return Err(Stopped);
            }
            let too_far_ahead = state.finished_bytes >= AHEAD && state.turn.0 != place.0;
            let too_many = state.waiting.len() >= self.threads * WAITING_PER_THREAD;
            if !too_far_ahead && !too_many {
                state.waiting.push_back((place, block));
                self.wake(&state);
                return Ok(());
            }
            if let Some((place, block)) = state.waiting.pop_front() {
                drop(state);
                self.compress(compressor, place, &block);
                state = self.lock();
            } else {
                state = self.wait(state);
            }
        }
    }

    /// Keeps a piece until its turn, and writes what has its turn now unless another thread is doing so.
    fn finish(&self, place: Place, piece: Piece) {
        let mut state = self.lock();
        state.finished_bytes += piece.deflated.len();
        state.finished.insert(place, piece);
        if state.committing {
            return;
        }
        state.committing = true;
        let mut ready = Vec::new();
        loop {
            let mut turn = state.turn;
            while turn.0 < state.limit
                && let Some(piece) = state.finished.remove(&turn)
            {
                let next = if piece.last { (turn.0 + 1, 0) } else { (turn.0, turn.1 + 1) };
                ready.push((turn.0, piece));
                turn = next;
            }
            if ready.is_empty() {
                break;
            }
            drop(state);
            let written: usize = ready.iter().map(|(_, piece)| piece.deflated.len()).sum();
            self.commit(&mut ready);
            state = self.lock();
            state.turn = turn;
            state.finished_bytes -= written;
            self.wake(&state);
        }
        state.committing = false;
    }

    fn commit(&self, ready: &mut Vec<(usize, Piece)>) {
        let mut commit = self.commit.lock().unwrap_or_else(PoisonError::into_inner);
        for (index, piece) in ready.drain(..) {
            if let Err(error) = commit.piece(index, piece) {
                // Nothing can be written after what is missing.
                self.fail(index, 0, error);
                return;
            }
        }
    }

    /// Parts from `limit` on are given up; those before go on, for theirs may be the first fault.
    fn fail(&self, index: usize, limit: usize, error: WriteError) {
        let mut state = self.lock();
        state.limit = state.limit.min(limit);
        if state.error.as_ref().is_none_or(|(known, _)| index < *known) {
            state.error = Some((index, error));
        }
        self.wake(&state);
    }
}

/// Wakes the others when a part panics, so that they end and the panic is seen.
struct Alarm<'a, 'b, P: Part, C: Commit>(&'a Shared<'b, P, C>);

impl<P: Part, C: Commit> Drop for Alarm<'_, '_, P, C> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let mut state = self.0.lock();
            state.panicked = true;
            self.0.wake(&state);
        }
    }
}

/// The work was given up because of a fault elsewhere.
#[derive(Debug, thiserror::Error)]
#[error("given up")]
struct Stopped;

/// Where a part writes to: cuts what comes into blocks.
struct Sink<'s, 'a, P, C> {
    shared: &'s Shared<'a, P, C>,
    compressor: &'s mut Compressor,
    index: usize,
    blocks: usize,
    buffer: Vec<u8>,
    /// Length of the dictionary in front of the buffer.
    dictionary: usize,
    stopped: bool,
}

impl<P: Part, C: Commit> Sink<'_, '_, P, C> {
    fn room(&self) -> usize {
        self.dictionary + BLOCK - self.buffer.len()
    }

    /// Hands over the full buffer; the end of it is the dictionary of the next one.
    fn hand_over(&mut self) -> Result<(), Stopped> {
        let mut next = Vec::with_capacity(DICTIONARY + BLOCK);
        next.extend_from_slice(&self.buffer[self.buffer.len() - DICTIONARY..]);
        let bytes = std::mem::replace(&mut self.buffer, next);
        let block = Block { bytes, dictionary: self.dictionary, last: false };
        self.dictionary = DICTIONARY;
        self.blocks += 1;
        self.shared.submit(self.compressor, (self.index, self.blocks - 1), block)
    }

    /// Compresses the last block.
    fn end(self) -> Vec<u8> {
        let block = Block { bytes: self.buffer, dictionary: self.dictionary, last: true };
        self.shared.compress(self.compressor, (self.index, self.blocks), &block);
        let mut buffer = block.bytes;
        buffer.clear();
        buffer
    }

    fn reuse(mut self) -> Vec<u8> {
        self.buffer.clear();
        self.buffer
    }
}

impl<P: Part, C: Commit> Write for Sink<'_, '_, P, C> {
    fn write(&mut self, mut bytes: &[u8]) -> io::Result<usize> {
        let length = bytes.len();
        while !bytes.is_empty() {
            if self.room() == 0
                && let Err(stopped) = self.hand_over()
            {
                self.stopped = true;
                return Err(io::Error::other(stopped));
            }
            let (now, later) = bytes.split_at(bytes.len().min(self.room()));
            self.buffer.extend_from_slice(now);
            bytes = later;
        }
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
