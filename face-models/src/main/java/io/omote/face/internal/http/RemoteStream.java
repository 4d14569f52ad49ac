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
 * The bytes of a resource of known size, or the end of it. A connection that breaks or stalls is
 * taken up again where it stopped, after a pause that grows; after four attempts in a row without
 * progress the stream fails. Where the server does not continue, {@link RestartedException} says
 * that all begins anew.
 *
 * <p>Read by one thread.
 */
public final class RemoteStream extends InputStream {
  private static final int ATTEMPTS = 4;

  /** What an attempt must bring to count as progress. */
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
   * All of a resource. Nothing is sent before the first read.
   *
   * @param session the session
   * @param uri the place
   * @param size the size that it must have
   * @return the stream
   */
  public static RemoteStream whole(HttpSession session, URI uri, long size) {
    return new RemoteStream(session, uri, size, 0, size, false, true);
  }

  /**
   * The end of a resource. A server that knows no ranges restarts the stream at the first byte.
   *
   * @param session the session
   * @param uri the place
   * @param size the size that it must have
   * @param length how much of its end is wanted
   * @return the stream
   */
  public static RemoteStream tail(HttpSession session, URI uri, long size, long length) {
    return new RemoteStream(session, uri, size, size - length, size, true, true);
  }

  /**
   * A part of a resource; it fails where the server knows no ranges.
   *
   * @param session the session
   * @param uri the place
   * @param size the size that the resource must have
   * @param from the first byte
   * @param to the byte after the last
   * @return the stream
   */
  public static RemoteStream part(HttpSession session, URI uri, long size, long from, long to) {
    return new RemoteStream(session, uri, size, from, to, true, false);
  }

  /**
   * Where the stream stands.
   *
   * @return the number of the next byte of the resource
   */
  public long position() {
    return position;
  }

  /**
   * Where the stream ends.
   *
   * @return the number of the byte after the last
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
   * @throws RestartedException if the stream now stands at the first byte of the resource
   * @throws InterruptedIOException if the thread was interrupted
   * @throws IOException if the server refuses, or all attempts failed
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
          throw HttpFailure.passing(
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

  /** A body without a stated length may be too long. */
  private void checkEnd() throws IOException {
    if (reply != null && reply.body().read() >= 0) {
      throw HttpFailure.lasting("expected " + total + " bytes, found more");
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
          throw HttpFailure.lasting("it answers HTTP 416 to a request without a range");
        }
        restart();
      }
      default -> checkWhole(answer, asked);
    }
    etag = answer.etag().orElse(null);
  }

  private void checkRange(Reply answer, boolean asked) throws IOException {
    if (!asked || !answer.isRange(position, to, total)) {
      throw HttpFailure.lasting(
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
      throw HttpFailure.lasting(
          String.format(
              Locale.ROOT, "expected %s bytes, found a length of %s", total, answer.length()));
    }
    if (asked) {
      restart();
    }
  }

  private void restart() throws IOException {
    if (!restartable) {
      throw HttpFailure.lasting("it does not serve ranges");
    }
    if (++failures >= ATTEMPTS) {
      throw HttpFailure.lasting("it starts over again and again");
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
