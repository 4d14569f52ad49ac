// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server for HTTP/1.1 with one request per connection, which clients cannot block: a request that
 * does not arrive in time is refused, and if there are too many connections, a new one displaces
 * the oldest that is still waiting for its client. (The server of the JDK refuses new connections
 * instead, has one time limit for headers and body, and checks it every 10 seconds.)
 *
 * <p>Thread-safe.
 */
final class HttpListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);

  private static final int HEAD_BYTES = 16_384;
  private static final int BACKLOG = 1024;

  /** Threads by connection: that of a displaced one may still be waiting for memory. */
  private static final int THREADS = 4;

  private static final int IDLE_SECONDS = 60;

  /** The time after which a connection that waits for its client may be displaced first. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** The time after which a thread may have ended. */
  private static final long RETRY_MILLIS = 10;

  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

  private final ServerSocket socket;
  private final Limits limits;
  private final LongSupplier clock;
  private final Handler handler;

  /** The connections in the order in which they came; guarded by this object. */
  private final Set<Connection> connections = new LinkedHashSet<>();

  private final ExecutorService threads;

  /** Ends connections to clients that do not read their answers. */
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, new DiscardPolicy());

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
    timer.setRemoveOnCancelPolicy(true);
    threads =
        new ThreadPoolExecutor(
            0,
            1 + THREADS * limits.connections,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>());
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
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        acceptOne();
      } catch (InterruptedException e) {
        return; // the server is being closed
      }
    }
  }

  private void acceptOne() throws InterruptedException {
    try {
      admit(socket.accept());
    } catch (IOException e) {
      LOG.debug("A connection could not be accepted", e); // too many open files, or closed
      makeRoom();
    }
  }

  private synchronized void admit(Socket client) throws InterruptedException {
    while (connections.size() >= limits.connections) {
      makeRoom();
    }
    try {
      Connection connection = new Connection(client);
      execute(connection);
      connections.add(connection); // it cannot end before, for lack of the lock
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      LOG.debug("There is no memory or thread for a connection", e); // as in a small container
      close(client);
      makeRoom();
    }
  }

  /** Runs a connection. Threads of those that were closed need a moment to end. */
  private synchronized void execute(Connection connection) throws InterruptedException {
    long end = System.nanoTime() + GRACE.toNanos();
    while (true) {
      try {
        threads.execute(connection);
        return;
      } catch (RejectedExecutionException e) {
        if (System.nanoTime() >= end) {
          throw e;
        }
        wait(RETRY_MILLIS);
      }
    }
  }

  /** Closes a connection, or waits until one ends. */
  private synchronized void makeRoom() throws InterruptedException {
    if (!displace()) {
      wait(GRACE.toMillis()); // all of them are being handled
    }
  }

  private static void close(Socket client) {
    try {
      client.close();
    } catch (IOException e) {
      LOG.debug("A connection could not be closed", e);
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

  /** A connection, which runs on a thread of its own. */
  private final class Connection implements Runnable {
    private final Socket client;
    private volatile Phase phase;
    private volatile boolean heard;
    private volatile long since;

    Connection(Socket client) {
      this.client = client;
      become(Phase.HEAD);
    }

    private void become(Phase next) {
      since = clock.getAsLong();
      phase = next;
      synchronized (HttpListener.this) {
        HttpListener.this.notifyAll(); // it may be displaced now
      }
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
      close(client);
    }

    @Override
    public void run() {
      try (client) {
        client.setTcpNoDelay(true);
        Input input = new Input(client.getInputStream());
        InputStream in = new BufferedInputStream(input);
        input.allow(limits.head.toNanos());
        byte[] response = response(input, in);
        become(Phase.LEAVING);
        send(response);
        input.allow(limits.leaving.toNanos());
        discard(in);
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

    /** Reads and handles a request, and returns the bytes of the answer. */
    private byte[] response(Input input, InputStream in) throws IOException, InterruptedException {
      boolean withContent = true;
      Response response;
      try {
        Request request = Request.parse(readHead(in));
        withContent = !request.method().equals("HEAD");
        long length = request.length();
        become(length == 0 ? Phase.HANDLING : Phase.BODY);
        response =
            handler.handle(request.withBody(new Body(input, in, length, isWaiting(request))));
      } catch (HttpProblem e) {
        response = Response.of(e);
      } catch (SocketTimeoutException e) {
        if (!heard) {
          throw e; // browsers open connections in advance
        }
        response =
            Response.of(
                new HttpProblem(
                    408, "slow", "the request did not arrive in time: use a faster connection"));
      }
      return response.bytes(withContent);
    }

    /** Returns the request line and headers. */
    private byte[] readHead(InputStream in) throws IOException, HttpProblem {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      int matched = 0; // bytes of the end, CR LF CR LF
      int last = -1;
      while (matched < 4) {
        int next = in.read();
        if (next < 0) {
          throw new EOFException();
        }
        heard = true;
        head.write(next);
        if (head.size() == HEAD_BYTES) {
          throw new HttpProblem(431, "headers", "the headers of the request are too long");
        }
        if (next == '\n' && last == '\n') {
          throw Request.damaged(); // waits for an answer, but ends lines without CR
        }
        if (next == (matched % 2 == 0 ? '\r' : '\n')) {
          matched++;
        } else {
          matched = next == '\r' ? 1 : 0;
        }
        last = next;
      }
      return head.toByteArray();
    }

    private static boolean isWaiting(Request request) {
      return request.all("Expect").stream().anyMatch("100-continue"::equalsIgnoreCase);
    }

    private void send(byte[] response) throws IOException {
      Future<?> end = timer.schedule(this::cut, limits.leaving.toNanos(), TimeUnit.NANOSECONDS);
      try {
        client.getOutputStream().write(response);
      } finally {
        end.cancel(false);
      }
    }

    /**
     * Discards the rest of what the client sends, until it closes the connection. Otherwise the
     * system would reset the connection, and the client might not see the answer.
     */
    private void discard(InputStream in) throws IOException {
      client.shutdownOutput();
      in.transferTo(OutputStream.nullOutputStream());
    }

    /** The bytes of the client, which must arrive in time. */
    private final class Input extends FilterInputStream {
      private long deadline;

      Input(InputStream bytes) {
        super(bytes);
      }

      /** Sets the time that is left for reading, in nanoseconds. */
      void allow(long nanos) {
        deadline = clock.getAsLong() + nanos;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - clock.getAsLong());
        if (millis <= 0) {
          throw new SocketTimeoutException();
        }
        client.setSoTimeout((int) millis);
        return super.read(bytes, offset, length);
      }
    }

    /**
     * The body, which gives the client more time as it arrives. Only the time in which the client
     * keeps the reader waiting counts. Closing it closes the connection.
     */
    private final class Body extends InputStream {
      private final Input input;
      private final InputStream in;
      private long rest;
      private boolean waiting;
      private int arrived;
      private long stepTime = limits.step.toNanos();
      private long bodyTime = limits.body.toNanos();

      /**
       * Creates the stream.
       *
       * @param input the bytes of the connection
       * @param in the same, with a buffer
       * @param length the length of the body
       * @param waiting whether the client waits for a sign before it sends the body
       */
      Body(Input input, InputStream in, long length, boolean waiting) {
        this.input = input;
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
        input.allow(Math.min(stepTime, bodyTime));
        long start = clock.getAsLong();
        int count = in.read(bytes, offset, (int) Math.min(length, rest));
        long time = clock.getAsLong() - start;
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
