// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server for HTTP/1.1 with one request per connection, which clients cannot block: a connection
 * that does not deliver its request in time is closed, and if there are too many connections, a new
 * one displaces the oldest that is still waiting for its client. (The server of the JDK refuses new
 * connections instead, has one time limit for headers and body, and checks it every 10 seconds.)
 *
 * <p>Thread-safe.
 */
final class HttpListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);

  private static final int HEAD_BYTES = 16_384;
  private static final int BACKLOG = 1024;
  private static final int TICK_MILLIS = 100;

  /** The time after which a connection that waits for its client may be displaced first. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private static final long NEVER = Duration.ofDays(1).toNanos();
  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

  private final ServerSocket socket;
  private final Limits limits;
  private final LongSupplier clock;
  private final Handler handler;

  /** The connections in the order in which they came; guarded by this object. */
  private final Set<Connection> connections = new LinkedHashSet<>();

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  /** Answers requests. */
  @FunctionalInterface
  interface Handler {
    Response handle(Request request) throws IOException, InterruptedException;
  }

  /**
   * The limits of connections.
   *
   * @param connections the number of connections
   * @param head the time for the headers to arrive
   * @param step the time for each {@code stepBytes} of the body to arrive, or for the rest of it
   * @param stepBytes the number of bytes that must arrive in each step
   * @param body the time for the whole body to arrive
   * @param leaving the time for the answer to be sent, and then for the client to close the
   *     connection
   */
  record Limits(
      int connections,
      Duration head,
      Duration step,
      int stepBytes,
      Duration body,
      Duration leaving) {
    static final Limits DEFAULTS =
        new Limits(
            256,
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            32_768,
            Duration.ofSeconds(120),
            Duration.ofSeconds(30));
  }

  /** The state of a connection, by what it waits for. */
  private enum Phase {
    /** The client, which has not sent all headers. */
    HEAD,
    /** The client, which has not sent all of the body. */
    BODY,
    /** The handler. */
    HANDLING,
    /** The client, which has not read the answer and closed the connection. */
    LEAVING
  }

  private HttpListener(ServerSocket socket, Limits limits, LongSupplier clock, Handler handler) {
    this.socket = socket;
    this.limits = limits;
    this.clock = clock;
    this.handler = handler;
  }

  /**
   * Listens on an address. Connections wait until {@link #start}.
   *
   * @param address the address and the port
   * @param limits the limits of connections
   * @param clock the time in nanoseconds
   * @param handler the handler of requests
   * @throws IOException if the address or the port is not available
   */
  static HttpListener open(
      InetSocketAddress address, Limits limits, LongSupplier clock, Handler handler)
      throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.bind(address, BACKLOG);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    return new HttpListener(socket, limits, clock, handler);
  }

  /** Returns the port. */
  int port() {
    return socket.getLocalPort();
  }

  /** Starts to accept connections. */
  void start() {
    threads.execute(this::accept);
    timer.scheduleWithFixedDelay(this::cutLate, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        admit(new Connection(socket.accept()));
      } catch (IOException e) {
        LOG.debug("A connection could not be accepted", e); // too many open files, or closed
        displace();
      } catch (InterruptedException e) {
        return; // the server is being closed
      }
    }
  }

  private synchronized void admit(Connection connection) throws InterruptedException {
    while (connections.size() >= limits.connections && !displace()) {
      wait(GRACE.toMillis()); // all of them are being handled
    }
    if (threads.isShutdown()) {
      connection.cut();
    } else {
      connections.add(connection);
      start(connection);
    }
  }

  private void start(Connection connection) {
    try {
      threads.execute(connection);
    } catch (OutOfMemoryError e) {
      LOG.debug("There is no thread for a connection", e); // as in a container with a limit
      connections.remove(connection);
      connection.cut();
      displace();
    }
  }

  /**
   * Closes the oldest connection that waits for its client, preferably one that is silent, or that
   * has been waiting for headers for a while, so that a flood of connections does not end requests
   * that advance.
   */
  private synchronized boolean displace() {
    return displace(Connection::isSilent)
        || displace(connection -> connection.phase == Phase.HEAD && connection.isOld())
        || displace(connection -> connection.phase != Phase.HANDLING && connection.isOld())
        || displace(connection -> connection.phase == Phase.HEAD || connection.phase == Phase.BODY);
  }

  private boolean displace(Predicate<Connection> which) {
    Optional<Connection> oldest = connections.stream().filter(which).findFirst();
    oldest.ifPresent(
        connection -> {
          connections.remove(connection);
          connection.cut();
        });
    return oldest.isPresent();
  }

  /** Closes the connections of clients that are late. */
  void cutLate() {
    List<Connection> all;
    synchronized (this) {
      all = new ArrayList<>(connections);
    }
    long now = clock.getAsLong();
    all.stream().filter(connection -> connection.isLate(now)).forEach(Connection::cut);
  }

  /** A connection, which runs on a thread of its own. */
  private final class Connection implements Runnable {
    private final Socket client;
    private volatile Phase phase;
    private volatile boolean heard;
    private volatile long since;
    private volatile long deadline;

    Connection(Socket client) {
      this.client = client;
      enter(Phase.HEAD, limits.head);
    }

    /** Enters a phase in which the client has a time limit. */
    private void enter(Phase next, Duration limit) {
      deadline = clock.getAsLong() + limit.toNanos();
      become(next);
    }

    private void become(Phase next) {
      since = clock.getAsLong();
      phase = next;
      synchronized (HttpListener.this) {
        HttpListener.this.notifyAll(); // it may be displaced now
      }
    }

    boolean isLate(long now) {
      return phase != Phase.HANDLING && now - deadline > 0;
    }

    /** Returns whether nothing has come from the client. */
    boolean isSilent() {
      try {
        return phase == Phase.HEAD && !heard && client.getInputStream().available() == 0;
      } catch (IOException e) {
        return true; // it is closed
      }
    }

    boolean isOld() {
      return clock.getAsLong() - since > GRACE.toNanos();
    }

    void cut() {
      try {
        client.close();
      } catch (IOException e) {
        LOG.debug("A connection could not be closed", e);
      }
    }

    @Override
    public void run() {
      try (client) {
        client.setTcpNoDelay(true);
        InputStream in = new BufferedInputStream(client.getInputStream());
        byte[] head = readHead(in);
        if (head.length > 0) {
          answer(head, in);
          leave(in);
        }
      } catch (IOException e) {
        LOG.debug("A connection ended early", e); // the client left, or was too slow
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // the server is being closed
      } finally {
        synchronized (HttpListener.this) {
          connections.remove(this);
          HttpListener.this.notifyAll();
        }
      }
    }

    /** Returns the request line and headers, or nothing if the client leaves before their end. */
    private byte[] readHead(InputStream in) throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      int matched = 0; // bytes of the end, CR LF CR LF
      while (matched < 4 && head.size() < HEAD_BYTES) {
        int next = in.read();
        if (next < 0) {
          return new byte[0];
        }
        heard = true;
        head.write(next);
        if (next == (matched % 2 == 0 ? '\r' : '\n')) {
          matched++;
        } else {
          matched = next == '\r' ? 1 : 0;
        }
      }
      return head.toByteArray();
    }

    private void answer(byte[] head, InputStream in) throws IOException, InterruptedException {
      boolean withBody = true;
      Response response;
      try {
        if (head.length == HEAD_BYTES) {
          throw new HttpProblem(431, "headers", "the headers of the request are too long");
        }
        Request request = Request.parse(head);
        withBody = !request.method().equals("HEAD");
        long length = request.length();
        become(length == 0 ? Phase.HANDLING : Phase.BODY);
        response = handler.handle(request.withBody(new Body(in, length, isWaiting(request))));
      } catch (HttpProblem e) {
        response = Response.of(e);
      }
      enter(Phase.LEAVING, limits.leaving);
      ByteArrayOutputStream message = new ByteArrayOutputStream();
      message.writeBytes(response.head());
      if (withBody) {
        message.writeBytes(response.content());
      }
      message.writeTo(client.getOutputStream());
    }

    private boolean isWaiting(Request request) {
      return request.all("Expect").stream().anyMatch("100-continue"::equalsIgnoreCase);
    }

    /**
     * Discards the rest of what the client sends, until it closes the connection. Otherwise the
     * system would reset the connection, and the client might not see the answer.
     */
    private void leave(InputStream in) throws IOException {
      enter(Phase.LEAVING, limits.leaving);
      client.shutdownOutput();
      in.transferTo(OutputStream.nullOutputStream());
    }

    /**
     * The body, which gives the client more time as it arrives. Only the time in which the client
     * keeps the reader waiting counts. Closing it closes the connection.
     */
    private final class Body extends InputStream {
      private final InputStream in;
      private long rest;
      private boolean waiting;
      private int arrived;
      private long stepTime = limits.step.toNanos();
      private long bodyTime = limits.body.toNanos();

      /**
       * Creates the stream.
       *
       * @param in the bytes of the connection
       * @param length the length of the body
       * @param waiting whether the client waits for a sign before it sends the body
       */
      Body(InputStream in, long length, boolean waiting) {
        this.in = in;
        rest = length;
        this.waiting = waiting;
      }

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        if (rest == 0) {
          return -1;
        }
        if (waiting) {
          waiting = false;
          client.getOutputStream().write(CONTINUE);
        }
        long start = clock.getAsLong();
        deadline = start + Math.min(stepTime, bodyTime);
        int count = in.read(bytes, offset, (int) Math.min(length, rest));
        long time = clock.getAsLong() - start;
        deadline = start + NEVER;
        stepTime -= time;
        bodyTime -= time;
        if (count > 0) {
          advance(count);
        }
        return count;
      }

      private void advance(int count) {
        rest -= count;
        arrived += count;
        if (rest == 0) {
          become(Phase.HANDLING);
        } else if (arrived >= limits.stepBytes) {
          arrived = 0;
          stepTime = limits.step.toNanos();
        }
      }

      @Override
      public void close() {
        cut();
      }
    }
  }

  /** Stops at once. Requests that are being handled are interrupted. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("The socket could not be closed", e);
    }
    synchronized (this) {
      timer.shutdownNow();
      threads.shutdownNow();
      connections.forEach(Connection::cut);
    }
  }
}
