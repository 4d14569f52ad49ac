// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response, as a stream. Unlike the stream of java.net.http, a read times out and
 * responds to interruption. Read by one thread.
 */
final class BodyStream extends InputStream implements Flow.Subscriber<List<ByteBuffer>> {
  /** A signal of the publisher: buffers, an error, or neither at the end of the body. */
  private record Event(@Nullable List<ByteBuffer> buffers, @Nullable Throwable error) {}

  // Filled by a thread of the client. It stays short, because batches are requested one by one.
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Queue<ByteBuffer> current = new ArrayDeque<>();
  private final Supplier<Duration> limit;
  private Flow.@Nullable Subscription subscription;
  private boolean atEnd;

  BodyStream(Flow.Publisher<List<ByteBuffer>> body, Supplier<Duration> limit) {
    this.limit = limit;
    body.subscribe(this);
  }

  @Override
  public synchronized void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    events.add(new Event(buffers, null));
  }

  @Override
  public void onError(Throwable error) {
    events.add(new Event(null, error));
  }

  @Override
  public void onComplete() {
    events.add(new Event(null, null));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!atEnd) {
      ByteBuffer buffer = current.peek();
      if (buffer == null) {
        await();
      } else if (!buffer.hasRemaining()) {
        current.remove();
        if (current.isEmpty()) {
          more();
        }
      } else {
        int count = Math.min(length, buffer.remaining());
        buffer.get(target, offset, count);
        return count;
      }
    }
    return -1;
  }

  private synchronized void more() {
    if (subscription != null) {
      subscription.request(1);
    }
  }

  private void await() throws IOException {
    Duration wait = limit.get();
    Event event;
    try {
      event = events.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
    if (event == null) {
      throw HttpFailure.temporary("no data was received within " + wait.toMillis() + " ms");
    }
    if (event.error() != null) {
      throw HttpFailure.temporary("the connection failed: " + HttpSession.describe(event.error()));
    }
    if (event.buffers() == null) {
      atEnd = true;
    } else {
      current.addAll(event.buffers());
      if (current.isEmpty()) {
        more();
      }
    }
  }

  @Override
  public synchronized void close() {
    atEnd = true;
    current.clear();
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
