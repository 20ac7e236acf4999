//! One connection, guarded: the server's own stream around the accepted one.
//!
//! It hands over whole heads, and the bytes of one request at a time; it waits for a client no longer than the limits say; and it knows
//! where the answer ends, so that the next request begins after it. All waiting is the client's: time that the server takes to answer, or
//! in which it does not want bytes, is not counted.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use actix_web::web::{Buf as _, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::message::{AnswerHead, Body, Malformed, RequestHead, ignore_upgrades};
use super::waiting::Waiting;
use super::{AFTER_ANSWER, LARGEST_HEAD, MOST_AFTER_ANSWER, PIECE, Times};
use crate::http::problem::Unread;

/// The bytes of a refusal, for what no handler ever sees.
pub(super) type Refusals = Arc<dyn Fn(Unread) -> Vec<u8> + Send + Sync>;

/// A connection that keeps the limits. `place` is given back when it ends.
pub(crate) struct Guarded<S, P> {
    io: S,
    times: Arc<Times>,
    refusals: Refusals,
    _place: P,
    /// Bytes that arrived and were not handed over.
    received: BytesMut,
    /// How many bytes at the front of `received` belong to the request under way.
    released: usize,
    request: Request,
    /// How many bytes of `received` have been searched for the end of a head, and where the line under way begins.
    searched: (usize, usize),
    waiting_to_read: Waiting,
    answer: Answer,
    /// The request under way asked for the head of an answer alone.
    to_head: bool,
    waiting_to_write: Waiting,
    /// A refusal that is written in the place of an answer.
    refusal: BytesMut,
    /// How many bytes of a body that is answered already are still taken.
    after_answer: usize,
    /// The server gave the connection up.
    is_over: bool,
    /// Who waits for the next request.
    reader: Option<Waker>,
}

/// How far the request under way has come.
#[derive(Clone, Copy, Debug)]
enum Request {
    /// Nothing of it came. `first`: nor of any other on this connection.
    Awaited { since: Instant, first: bool },
    /// Some of its head came.
    Head { since: Instant },
    /// Its head came whole.
    Body { left: Body, until: Instant, answered: bool },
    /// It came whole, and its answer is not written.
    Complete,
}

/// How far the answer under way has come.
#[derive(Clone, Copy, Debug)]
enum Answer {
    /// Nothing of it was written.
    Awaited,
    /// In its head; so many bytes are to come, and then the body. `None` for an answer that another one follows.
    Head { left: usize, body: Option<Body> },
    /// In its body.
    Body(Body),
}

impl<S: AsyncRead + AsyncWrite + Unpin, P> Guarded<S, P> {
    pub(super) fn new(io: S, times: Arc<Times>, refusals: Refusals, place: P) -> Self {
        Self {
            io,
            times,
            refusals,
            _place: place,
            received: BytesMut::new(),
            released: 0,
            request: Request::Awaited { since: Instant::now(), first: true },
            searched: (0, 0),
            waiting_to_read: Waiting::default(),
            answer: Answer::Awaited,
            to_head: false,
            waiting_to_write: Waiting::default(),
            refusal: BytesMut::new(),
            after_answer: 0,
            is_over: false,
            reader: None,
        }
    }

    /// Looks at what came, as far as it belongs to the request under way.
    fn look(&mut self) -> Result<(), Unread> {
        if let Request::Awaited { .. } = self.request {
            // Empty lines before a request are left out (RFC 9112, 2.2).
            while self.received.starts_with(b"\r\n") {
                self.received.advance(2);
            }
            if self.received.is_empty() {
                return Ok(());
            }
            self.request = Request::Head { since: Instant::now() };
            self.searched = (0, 0);
        }
        if let Request::Head { .. } = self.request {
            let Some(end) = self.end_of_head()? else { return Ok(()) };
            let head = RequestHead::read(self.received.get(..end).unwrap_or_default()).map_err(|Malformed| Unread::Malformed)?;
            ignore_upgrades(self.received.get_mut(..end).unwrap_or_default());
            let patience = if head.is_form { self.times.upload_timeout } else { self.times.body_timeout };
            (self.released, self.to_head) = (end, head.is_head);
            self.request = Request::Body { left: head.body, until: Instant::now() + patience, answered: false };
            self.waiting_to_read.reset();
        }
        if let Request::Body { .. } = self.request {
            let rest = self.received.split_off(self.released);
            let taken = self.take_body(&rest)?;
            self.received.unsplit(rest);
            self.released += taken;
        }
        Ok(())
    }

    /// Goes through bytes of the body; says how many belong to it.
    fn take_body(&mut self, bytes: &[u8]) -> Result<usize, Unread> {
        let Request::Body { left, answered, .. } = &mut self.request else { return Ok(0) };
        let taken = left.take(bytes).map_err(|Malformed| Unread::Malformed)?;
        if *answered {
            self.after_answer = self.after_answer.checked_sub(taken).ok_or(Unread::TooSlow)?;
        }
        if left.is_done() {
            self.request = if *answered { Request::Awaited { since: Instant::now(), first: false } } else { Request::Complete };
        }
        Ok(taken)
    }

    /// Where the head ends that `received` begins with. Each byte is searched once, however it came.
    fn end_of_head(&mut self) -> Result<Option<usize>, Unread> {
        let (searched, mut line) = self.searched;
        let new = self.received.get(searched..).unwrap_or_default();
        for at in memchr::memchr_iter(b'\n', new).map(|at| at + searched) {
            // A line ends with both signs: readers that take one alone and readers that do not would see two different requests.
            match at.checked_sub(1).and_then(|before| self.received.get(before)) {
                Some(b'\r') if at - 1 == line => return Ok(Some(at + 1)),
                Some(b'\r') => line = at + 1,
                _ => return Err(Unread::Malformed),
            }
        }
        self.searched = (self.received.len(), line);
        if self.received.len() > LARGEST_HEAD { Err(Unread::HeadTooLarge) } else { Ok(None) }
    }

    /// Until when the client is waited for: `None` while it is the server that is waited for.
    fn deadline(&mut self, now: Instant) -> Option<Instant> {
        match self.request {
            Request::Awaited { since, first } => Some(since + if first { self.times.head_timeout } else { self.times.idle_timeout }),
            Request::Head { since } => Some(since + self.times.head_timeout),
            Request::Body { until, .. } => Some(until.min(self.waiting_to_read.end_of(self.times.body_window, now))),
            Request::Complete => None,
        }
    }

    /// Waits for the client; ends the connection if it was waited for too long.
    fn wait_for_client(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let now = Instant::now();
        let Some(deadline) = self.deadline(now) else { return Poll::Pending };
        if now >= deadline {
            match self.request {
                // Nothing was asked, so there is nothing to answer: as if the client had closed.
                Request::Awaited { .. } => return Poll::Ready(Ok(())),
                Request::Body { until, .. }
                    if now < until && !self.waiting_to_read.is_too_slow(self.times.body_window, self.times.least_rate, now) => {}
                Request::Head { .. } | Request::Body { .. } => return Poll::Ready(Err(self.refuse(Unread::TooSlow, cx))),
                Request::Complete => {}
            }
        }
        if let Some(deadline) = self.deadline(now) {
            self.waiting_to_read.wake_at(deadline, cx);
        }
        Poll::Pending
    }

    /// Refuses what no handler is to see, and gives the connection up. If an answer has begun there is nothing more to say.
    fn refuse(&mut self, why: Unread, cx: &mut Context<'_>) -> io::Error {
        let is_answered = matches!(self.request, Request::Body { answered: true, .. });
        if matches!(self.answer, Answer::Awaited) && !is_answered && !self.is_over {
            self.refusal = BytesMut::from((self.refusals)(why).as_slice());
            // What the client's side does not take at once is not waited for.
            let _ = self.write_refusal(cx);
        }
        self.is_over = true;
        io::Error::new(io::ErrorKind::TimedOut, "the client kept the limits not")
    }

    fn write_refusal(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.refusal.is_empty() {
            let written = ready!(Pin::new(&mut self.io).poll_write(cx, &self.refusal))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.refusal.advance(written);
        }
        Poll::Ready(Ok(()))
    }

    /// Hands over what belongs to the request under way.
    fn hand_over(&mut self, buffer: &mut ReadBuf<'_>) -> bool {
        let now = self.released.min(buffer.remaining());
        if now == 0 {
            return false;
        }
        buffer.put_slice(self.received.get(..now).unwrap_or_default());
        self.received.advance(now);
        self.released -= now;
        true
    }

    /// Reads the body straight into the reader's own buffer.
    fn read_body(&mut self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        if Pin::new(&mut self.io).poll_read(cx, buffer)?.is_pending() {
            return self.wait_for_client(cx);
        }
        let fresh = buffer.filled().get(before..).unwrap_or_default();
        self.waiting_to_read.passed(fresh.len(), Instant::now());
        let taken = match self.take_body(fresh) {
            Ok(taken) => taken,
            Err(why) => return Poll::Ready(Err(self.refuse(why, cx))),
        };
        let next = fresh.get(taken..).unwrap_or_default();
        if !next.is_empty() {
            self.received.extend_from_slice(next);
            buffer.set_filled(before + taken);
        }
        Poll::Ready(Ok(()))
    }

    /// Notes how many of the bytes, of one or more answers, were written. The server writes heads whole, the network takes parts of them.
    fn wrote(&mut self, bytes: &[u8], written: usize) {
        let mut at = 0;
        while at < written {
            let rest = bytes.get(at..).unwrap_or_default();
            let gone = bytes.get(at..written).unwrap_or_default();
            at += match &mut self.answer {
                Answer::Awaited => {
                    let head = AnswerHead::read(rest, self.to_head);
                    // This is the server's own writing. If nobody can tell where it ends, nothing follows it.
                    self.answer = head.map_or(Answer::Body(Body::UntilClose), |head| Answer::Head {
                        left: head.length,
                        body: (!head.is_interim()).then_some(head.body),
                    });
                    0
                }
                Answer::Head { left, body } => {
                    let now = gone.len().min(*left);
                    *left -= now;
                    if *left == 0 {
                        self.answer = body.map_or(Answer::Awaited, Answer::Body);
                    }
                    now
                }
                Answer::Body(left) => left.take(gone).unwrap_or(gone.len()),
            };
            if let Answer::Body(left) = self.answer
                && left.is_done()
            {
                self.answered();
            }
        }
    }

    /// An answer was written whole: the next request may be looked at.
    fn answered(&mut self) {
        self.answer = Answer::Awaited;
        match &mut self.request {
            Request::Body { until, answered, .. } => {
                *answered = true;
                *until = (*until).min(Instant::now() + AFTER_ANSWER);
                self.after_answer = MOST_AFTER_ANSWER;
            }
            request @ (Request::Awaited { .. } | Request::Head { .. } | Request::Complete) => {
                *request = Request::Awaited { since: Instant::now(), first: false };
                if let Some(reader) = self.reader.take() {
                    reader.wake();
                }
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin, P: Unpin> AsyncRead for Guarded<S, P> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.is_over {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        loop {
            if buffer.remaining() == 0 || this.hand_over(buffer) {
                return Poll::Ready(Ok(()));
            }
            if let Err(why) = this.look() {
                return Poll::Ready(Err(this.refuse(why, cx)));
            }
            if this.released > 0 {
                continue;
            }
            match this.request {
                Request::Body { .. } if this.received.is_empty() => return this.read_body(cx, buffer),
                // The next request waits, and is not read on: nothing is to be noticed before the answer is written.
                Request::Complete if !this.received.is_empty() => {
                    this.reader = Some(cx.waker().clone());
                    return Poll::Pending;
                }
                Request::Awaited { .. } | Request::Head { .. } | Request::Body { .. } | Request::Complete => {}
            }
            let mut piece = [0; PIECE];
            let mut fresh = ReadBuf::new(&mut piece);
            if Pin::new(&mut this.io).poll_read(cx, &mut fresh)?.is_pending() {
                this.reader = Some(cx.waker().clone());
                return this.wait_for_client(cx);
            }
            if fresh.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            this.received.extend_from_slice(fresh.filled());
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin, P: Unpin> AsyncWrite for Guarded<S, P> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if this.is_over {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        ready!(this.poll_flush_refusal(cx))?;
        // What the framework answers by itself has neither a name nor a body. It closes the connection then.
        if matches!(this.answer, Answer::Awaited)
            && let Ok(head) = AnswerHead::read(bytes, this.to_head)
            && head.status >= 400
            && !head.is_named
        {
            this.refusal = BytesMut::from((this.refusals)(Unread::Foreign(head.status)).as_slice());
            this.answer = Answer::Body(Body::UntilClose);
            return Poll::Ready(Ok(bytes.len()));
        }
        match Pin::new(&mut this.io).poll_write(cx, bytes)? {
            Poll::Ready(written) => {
                this.waiting_to_write.passed(written, Instant::now());
                this.wrote(bytes, written);
                Poll::Ready(Ok(written))
            }
            Poll::Pending => this.wait_for_reader(cx).map(Err),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_flush_refusal(cx))?;
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_flush_refusal(cx))?;
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin, P> Guarded<S, P> {
    fn poll_flush_refusal(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.refusal.is_empty() {
            return Poll::Ready(Ok(()));
        }
        match self.write_refusal(cx) {
            Poll::Pending => self.wait_for_reader(cx).map(Err),
            written @ Poll::Ready(_) => written,
        }
    }

    /// Waits for the client to take what is written; ends the connection if it was waited for too long.
    fn wait_for_reader(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let now = Instant::now();
        let waiting = &mut self.waiting_to_write;
        let window_ends = waiting.end_of(self.times.write_window, now);
        let stalled = waiting.since.unwrap_or(now) + self.times.write_timeout;
        if now >= stalled || waiting.is_too_slow(self.times.write_window, self.times.least_rate, now) {
            self.is_over = true;
            return Poll::Ready(io::Error::new(io::ErrorKind::TimedOut, "the client does not read"));
        }
        let window_ends = if now >= window_ends { waiting.end_of(self.times.write_window, now) } else { window_ends };
        waiting.wake_at(stalled.min(window_ends), cx);
        Poll::Pending
    }
}
