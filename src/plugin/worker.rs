//! The background thread of all instances: it gives each [`Model`] its time for work. It ends with the last of them,
//! before a host can unload the library.

use super::model::Model;
use crate::document::preflight;
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long a reset may find no fresh program after the one before, and how stale the window may be. Edits ring the
/// bell.
const PERIOD: Duration = Duration::from_millis(15);

static SHARED: Mutex<Weak<Worker>> = Mutex::new(Weak::new());

/// The thread, held by every instance.
pub struct Worker {
    board: Arc<Board>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What the thread is to do before its time.
#[derive(Default, PartialEq)]
enum Wish {
    #[default]
    Nothing,
    Work,
    End,
}

#[derive(Default)]
struct Board {
    models: Mutex<Vec<Weak<Model>>>,
    wish: Mutex<Wish>,
    bell: Condvar,
}

impl Worker {
    /// The worker, started if there is none, with `model` on its board. `None` if no thread can be had: then edits
    /// wait and resets play on with a used program.
    pub fn of(model: &Arc<Model>) -> Option<Arc<Self>> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        let worker = match shared.upgrade() {
            Some(worker) => worker,
            None => {
                let worker = Arc::new(Self::start()?);
                *shared = Arc::downgrade(&worker);
                worker
            }
        };
        let mut models = worker
            .board
            .models
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        models.push(Arc::downgrade(model));
        drop(models);
        Some(worker)
    }

    /// The models of all instances, the oldest first.
    pub fn models() -> Vec<Arc<Model>> {
        let shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        let worker = shared.upgrade();
        drop(shared);
        worker.map_or_else(Vec::new, |worker| worker.board.models())
    }

    /// Has the thread, if there is one, look at its models at once.
    pub fn ring() {
        let shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        let worker = shared.upgrade();
        drop(shared);
        if let Some(worker) = worker {
            worker.board.wish(Wish::Work);
        }
    }

    fn start() -> Option<Self> {
        let board = Arc::new(Board::default());
        let seen = Arc::clone(&board);
        let thread = std::thread::Builder::new()
            .name("csound-session".to_owned())
            .spawn(move || seen.run())
            .ok()?;
        Some(Self {
            board,
            thread: Mutex::new(Some(thread)),
        })
    }
}

impl Board {
    fn run(&self) {
        while !self.wait() {
            for model in self.models() {
                model.work();
            }
        }
    }

    fn models(&self) -> Vec<Arc<Model>> {
        let mut models = self.models.lock().unwrap_or_else(PoisonError::into_inner);
        models.retain(|model| model.strong_count() > 0);
        models.iter().filter_map(Weak::upgrade).collect()
    }

    /// Waits for the next round; true when there is none.
    fn wait(&self) -> bool {
        let wish = self.wish.lock().unwrap_or_else(PoisonError::into_inner);
        let nothing = |wish: &mut Wish| *wish == Wish::Nothing;
        let waited = self.bell.wait_timeout_while(wish, PERIOD, nothing);
        let mut wish = waited.unwrap_or_else(PoisonError::into_inner).0;
        let ends = *wish == Wish::End;
        if !ends {
            *wish = Wish::Nothing;
        }
        ends
    }

    fn wish(&self, new: Wish) {
        let mut wish = self.wish.lock().unwrap_or_else(PoisonError::into_inner);
        if *wish != Wish::End {
            *wish = new;
        }
        self.bell.notify_all();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.board.wish(Wish::End);
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        // A model that is dropped by the thread itself does not hold a worker, so this never joins itself.
        let _ = thread.map(JoinHandle::join);
        preflight::let_go();
    }
}
