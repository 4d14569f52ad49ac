// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.http;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * A remote resource of known size, as a channel. It transfers only what is read, with range
 * requests, and keeps the end of the resource in memory, because archives have their table of
 * contents there.
 *
 * <p>Used by one thread.
 */
public final class RemoteChannel implements SeekableByteChannel {
  /** The number of bytes that a read outside the announced range transfers. */
  private static final int BLOCK = 1 << 16;

  private final HttpSession session;
  private final URI uri;
  private final long size;
  private final byte[] tail;
  private final long tailStart;
  private long position;
  private long announcedFrom;
  private long announcedTo;
  private @Nullable RemoteStream stream;
  private boolean closed;

  /**
   * Creates a channel. Nothing is transferred.
   *
   * @param session the session
   * @param uri the address of the resource
   * @param size the size of the resource
   * @param tail its last bytes
   */
  public RemoteChannel(HttpSession session, URI uri, long size, byte[] tail) {
    this.session = session;
    this.uri = uri;
    this.size = size;
    this.tail = tail.clone();
    this.tailStart = size - tail.length;
  }

  /**
   * Announces that a range will be read from its start, so that a single request serves it.
   *
   * @param from the offset of the first byte
   * @param to the offset after the last byte
   */
  public void announce(long from, long to) {
    announcedFrom = from;
    announcedTo = to;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (position >= size) {
      return -1;
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    int count;
    if (position >= tailStart) {
      count = (int) Math.min(target.remaining(), size - position);
      target.put(tail, (int) (position - tailStart), count);
    } else {
      byte[] bytes = new byte[Math.min(target.remaining(), BLOCK)];
      count = streamAt(position).read(bytes, 0, bytes.length);
      target.put(bytes, 0, count);
    }
    position += count;
    return count;
  }

  /** Returns the open stream if it is at the offset or shortly before it, otherwise a new one. */
  private RemoteStream streamAt(long wanted) throws IOException {
    RemoteStream open = stream;
    if (open != null
        && open.position() <= wanted
        && wanted < open.end()
        && wanted - open.position() <= BLOCK) {
      open.skipNBytes(wanted - open.position());
      return open;
    }
    if (open != null) {
      open.close();
    }
    boolean announced = announcedFrom <= wanted && wanted < announcedTo;
    long end = Math.min(announced ? announcedTo : wanted + BLOCK, tailStart);
    stream = RemoteStream.part(session, uri, size, wanted, end);
    return stream;
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long wanted) {
    if (wanted < 0) {
      throw new IllegalArgumentException("expected a position of 0 or more, found " + wanted);
    }
    position = wanted;
    return this;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public SeekableByteChannel truncate(long length) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
    if (stream != null) {
      stream.close();
    }
  }
}
