//! The background thread of all instances: it gives each [`Model`] its time for work. It ends with the last of them,
//! before a host can unload the library.

use super::model::Model;
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long a reset may find no fresh program after the one before, and how stale the window may be.
const PERIOD: Duration = Duration::from_millis(15);

static SHARED: Mutex<Weak<Worker>> = Mutex::new(Weak::new());

/// The thread, held by every instance.
pub struct Worker {
    board: Arc<Board>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Board {
    models: Mutex<Vec<Weak<Model>>>,
    ended: Mutex<bool>,
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
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.bell.wait_timeout_while(ended, PERIOD, |ended| !*ended);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        *self
            .board
            .ended
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = true;
        self.board.bell.notify_all();
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        // A model that is dropped by the thread itself does not hold a worker, so this never joins itself.
        let _ = thread.map(JoinHandle::join);
    }
}
