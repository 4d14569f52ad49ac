// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.http;

import io.omote.face.internal.http.HttpSession.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a remote resource of known size, or of a part of it. If the connection fails or
 * stalls, the stream resumes at the same byte after an exponential backoff, and fails after four
 * attempts in a row without progress. If the server cannot resume, {@link RestartedException}
 * signals that the stream starts over.
 *
 * <p>Read by one thread.
 */
public final class RemoteStream extends InputStream {
  private static final int ATTEMPTS = 4;

  /** The number of bytes that count as progress. */
  private static final long PROGRESS = 1 << 20;

  private final HttpSession session;
  private final URI uri;
  private final long total;
  private final boolean restartable;
  private final long to;
  private boolean ranged;
  private long position;
  private @Nullable Reply reply;
  private @Nullable String etag;
  private int failures;
  private long positionOfFailure;

  private RemoteStream(
      HttpSession session,
      URI uri,
      long total,
      long from,
      long to,
      boolean ranged,
      boolean restartable) {
    this.session = session;
    this.uri = uri;
    this.total = total;
    this.position = from;
    this.positionOfFailure = from;
    this.to = to;
    this.ranged = ranged;
    this.restartable = restartable;
  }

  /**
   * Returns a stream of the whole resource. Nothing is sent before the first read.
   *
   * @param session the session
   * @param uri the address of the resource
   * @param size the size that it must have
   * @return the stream
   */
  public static RemoteStream whole(HttpSession session, URI uri, long size) {
    return new RemoteStream(session, uri, size, 0, size, false, true);
  }

  /**
   * Returns a stream of the end of a resource. If the server does not support ranges, the stream
   * restarts at the first byte.
   *
   * @param session the session
   * @param uri the address of the resource
   * @param size the size that it must have
   * @param length the number of bytes to read from its end
   * @return the stream
   */
  public static RemoteStream tail(HttpSession session, URI uri, long size, long length) {
    return new RemoteStream(session, uri, size, size - length, size, true, true);
  }

  /**
   * Returns a stream of a part of a resource. It fails if the server does not support ranges.
   *
   * @param session the session
   * @param uri the address of the resource
   * @param size the size that the resource must have
   * @param from the offset of the first byte
   * @param to the offset after the last byte
   * @return the stream
   */
  public static RemoteStream part(HttpSession session, URI uri, long size, long from, long to) {
    return new RemoteStream(session, uri, size, from, to, true, false);
  }

  /**
   * Returns the position in the resource.
   *
   * @return the offset of the next byte
   */
  public long position() {
    return position;
  }

  /**
   * Returns the end of the stream.
   *
   * @return the offset after its last byte
   */
  public long end() {
    return to;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * Reads some bytes.
   *
   * @throws RestartedException if the stream is now at the first byte of the resource
   * @throws InterruptedIOException if the thread was interrupted
   * @throws IOException if the server refuses, or all attempts fail
   */
  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (true) {
      try {
        if (position == to) {
          checkEnd();
          return -1;
        }
        if (reply == null) {
          open();
        }
        int count = reply.body().read(target, offset, (int) Math.min(length, to - position));
        if (count < 0) {
          throw HttpFailure.temporary(
              String.format(Locale.ROOT, "the body ended at byte %s of %s", position, to));
        }
        position += count;
        return count;
      } catch (HttpFailure e) {
        close();
        recover(e);
      }
    }
  }

  private void recover(HttpFailure failure) throws IOException {
    failures = position - positionOfFailure >= PROGRESS ? 1 : failures + 1;
    positionOfFailure = position;
    if (!failure.isRetryable()) {
      throw failure;
    }
    if (failures >= ATTEMPTS) {
      throw new IOException(
          String.format(Locale.ROOT, "%s, after %s attempts", failure.getMessage(), failures),
          failure);
    }
    session.pause(failures, failure.retryAfter());
  }

  /** Checks that the body has ended, because one without a stated length may be too long. */
  private void checkEnd() throws IOException {
    if (reply != null && reply.body().read() >= 0) {
      throw HttpFailure.permanent("expected " + total + " bytes, found more");
    }
    close();
  }

  private void open() throws IOException {
    boolean asked = ranged || position > 0;
    Reply answer =
        session.get(
            uri, asked ? String.format(Locale.ROOT, "bytes=%s-%s", position, to - 1) : null, etag);
    reply = answer;
    switch (answer.status()) {
      case 206 -> checkRange(answer, asked);
      case 416 -> {
        close();
        if (!asked) {
          throw HttpFailure.permanent("it answered HTTP 416 to a request without a range");
        }
        restart();
      }
      default -> checkWhole(answer, asked);
    }
    etag = answer.etag().orElse(null);
  }

  private void checkRange(Reply answer, boolean asked) throws IOException {
    if (!asked || !answer.isRange(position, to, total)) {
      throw HttpFailure.permanent(
          String.format(
              Locale.ROOT,
              "expected bytes %s to %s of %s, found '%s'",
              position,
              to - 1,
              total,
              answer.header("Content-Range").orElse("")));
    }
  }

  private void checkWhole(Reply answer, boolean asked) throws IOException {
    if (answer.length() >= 0 && answer.length() != total) {
      throw HttpFailure.permanent(
          String.format(
              Locale.ROOT, "expected %s bytes, found a length of %s", total, answer.length()));
    }
    if (asked) {
      restart();
    }
  }

  private void restart() throws IOException {
    if (!restartable) {
      throw HttpFailure.permanent("it does not support ranges");
    }
    if (++failures >= ATTEMPTS) {
      throw HttpFailure.permanent("it keeps starting over");
    }
    position = 0;
    positionOfFailure = 0;
    ranged = false;
    etag = null;
    throw new RestartedException();
  }

  @Override
  public void close() {
    if (reply != null) {
      reply.body().close();
      reply = null;
    }
  }
}
