//! A file on its way in: hashed, looked at, sealed and stored piece by piece, so that neither memory nor a transaction holds it whole.

use std::sync::Arc;

use aws_lc_rs::digest::{Context, SHA256};
use domain::documents::{MediaKind, Sha256};
use domain::ids::DocumentId;
use persistence::blobs::{self, PIECE};
use tokio::sync::Semaphore;

use super::scan::Scan;
use super::{LARGEST_FILE, kind};
use crate::{App, Error, Fault};

/// How many pieces are on their way into the database at once: others that write must not wait for long behind them.
static STORING: Semaphore = Semaphore::const_new(2);

/// A file that arrives. What it left is removed when it is dropped, unless a document was made of it.
pub struct Upload {
    app: Arc<App>,
    id: DocumentId,
    /// Bytes that make no whole piece yet.
    pending: Vec<u8>,
    stored: i32,
    seen: Option<Seen>,
    is_kept: bool,
}

/// The state of the scan of the bytes so far.
struct Seen {
    digest: Context,
    scan: Scan,
    size: usize,
    /// The beginning of the file, as far as its kind depends on it.
    head: Vec<u8>,
    /// The end of it, as far as its kind depends on it.
    tail: Vec<u8>,
    /// Width times height, if it is a picture that says so.
    pixels: Option<u64>,
}

/// A file that is stored, and belongs to no document yet.
#[derive(Clone, Debug)]
pub struct StoredFile {
    /// The id that its document will have.
    pub id: DocumentId,
    /// Bytes.
    pub size: u64,
    /// Their digest.
    pub sha256: Sha256,
    /// The kind of the content, or the reason why it is not taken.
    pub kind: Result<MediaKind, NotTaken>,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// There are no bytes.
    Empty,
    /// It is none of the kinds that are taken, or it is two things at once.
    Unsupported,
    /// A PDF that cannot be read without a key.
    Encrypted,
    /// A picture of more pixels than programs can show.
    TooManyPixels,
}

impl App {
    /// Begins to take a file in.
    pub async fn begin_upload(self: &Arc<Self>) -> Result<Upload, Error> {
        let now = self.clock.now();
        let id: DocumentId = self.ids.fresh(now);
        self.store.write(move |tx| blobs::begin(tx, id, now).map_err(Error::from)).await?;
        let seen = Seen { digest: Context::new(&SHA256), scan: Scan::default(), size: 0, head: Vec::new(), tail: Vec::new(), pixels: None };
        Ok(Upload { app: Arc::clone(self), id, pending: Vec::new(), stored: 0, seen: Some(seen), is_kept: false })
    }
}

impl Upload {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`Error::TooLarge`] beyond the largest file.
    pub async fn take(&mut self, mut bytes: &[u8]) -> Result<(), Error> {
        let size = self.seen.as_ref().map_or(0, |seen| seen.size) + self.pending.len() + bytes.len();
        if size > LARGEST_FILE {
            return Err(Error::TooLarge("20 MiB"));
        }
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(PIECE - self.pending.len()));
            self.pending.extend_from_slice(now);
            bytes = later;
            if self.pending.len() == PIECE {
                self.store().await?;
            }
        }
        Ok(())
    }

    /// Stores the last piece, and says what the file is.
    pub async fn finish(&mut self) -> Result<StoredFile, Error> {
        if !self.pending.is_empty() {
            self.store().await?;
        }
        let seen = self.seen.take().ok_or(LOST)?;
        let kind = seen.kind();
        let digest: [u8; 32] = seen.digest.finish().as_ref().try_into().map_err(|_| Error::Internal("a digest has the wrong length"))?;
        let size = u64::try_from(seen.size).unwrap_or(u64::MAX);
        Ok(StoredFile { id: self.id, size, sha256: Sha256::of_digest(digest), kind })
    }

    /// A document was made of it.
    pub fn kept(mut self) {
        self.is_kept = true;
    }

    /// Hashes, looks at, seals and stores what is pending: the work of the processor beside the threads that serve, and the database's in
    /// a small transaction of its own.
    async fn store(&mut self) -> Result<(), Error> {
        let piece = std::mem::take(&mut self.pending);
        let mut seen = self.seen.take().ok_or(LOST)?;
        let (app, id, number) = (Arc::clone(&self.app), self.id, self.stored);
        let (seen, sealed) = tokio::task::spawn_blocking(move || {
            seen.pass(&piece);
            (seen, blobs::seal(app.store.vault(), id, number, &piece))
        })
        .await
        .map_err(|_| LOST)?;
        let sealed = sealed?;
        let _place = STORING.acquire().await.map_err(|_| LOST)?;
        self.app.store.write(move |tx| blobs::put(tx, id, number, &sealed).map_err(Error::from)).await?;
        self.stored += 1;
        self.seen = Some(seen);
        Ok(())
    }
}

const LOST: Error = Error::Internal("an upload lost what it had seen");

impl Drop for Upload {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        let (store, id) = (self.app.store.clone(), self.id);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            // If it fails, or if there is no runtime any more, the sweep does it. A document whose outcome nobody knows keeps its bytes:
            // it is no upload any more.
            runtime.spawn(async move { store.write(move |tx| blobs::discard(tx, id)).await });
        }
    }
}

impl Seen {
    fn pass(&mut self, bytes: &[u8]) {
        if self.size == 0 {
            self.head = bytes.get(..kind::HEAD.min(bytes.len())).unwrap_or(bytes).to_vec();
            // A picture whose beginning does not say its size is no danger here: nothing in this program draws it.
            self.pixels = imagesize::blob_size(bytes).ok().and_then(|size| u64::try_from(size.width.checked_mul(size.height)?).ok());
        }
        self.size += bytes.len();
        self.digest.update(bytes);
        self.scan.pass(bytes);
        self.tail.extend_from_slice(bytes);
        let over = self.tail.len().saturating_sub(kind::TAIL);
        self.tail.drain(..over);
    }

    fn kind(&self) -> Result<MediaKind, NotTaken> {
        if self.size == 0 {
            return Err(NotTaken::Empty);
        }
        let kind = kind::of(&self.head, &self.tail).filter(|_| !self.scan.is_archive()).ok_or(NotTaken::Unsupported)?;
        match kind {
            MediaKind::Pdf if self.scan.is_encrypted() => Err(NotTaken::Encrypted),
            MediaKind::Jpeg | MediaKind::Png if self.pixels.is_some_and(|pixels| pixels > kind::MOST_PIXELS) => {
                Err(NotTaken::TooManyPixels)
            }
            MediaKind::Pdf | MediaKind::Jpeg | MediaKind::Png | MediaKind::Dicom => Ok(kind),
        }
    }
}

impl StoredFile {
    /// The kind of the content.
    ///
    /// # Errors
    /// Why the file is not taken, and every other fault that is known by now.
    pub(super) fn accepted(&self, expected: Option<&str>) -> Result<MediaKind, Error> {
        let mut faults = Vec::new();
        if expected.is_some_and(|expected| !expected.eq_ignore_ascii_case(self.sha256.as_str())) {
            faults.push(Fault::at("/sha256", "digest_mismatch"));
        }
        match self.kind {
            Ok(kind) if faults.is_empty() => return Ok(kind),
            Err(NotTaken::Unsupported) if faults.is_empty() => return Err(Error::UnsupportedKind),
            Err(NotTaken::Empty) => faults.push(Fault::at("/file", "too_short")),
            Err(NotTaken::Encrypted) => faults.push(Fault::at("/file", "file_encrypted")),
            Err(NotTaken::TooManyPixels) => faults.push(Fault::at("/file", "too_many_pixels")),
            Ok(_) | Err(NotTaken::Unsupported) => {}
        }
        Err(Error::Invalid(faults))
    }
}
