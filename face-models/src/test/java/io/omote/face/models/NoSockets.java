// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.atomic.AtomicInteger;

/** A selector provider that refuses every socket of a process, and counts the attempts. */
public final class NoSockets extends SelectorProvider {
  static final String OPTION =
      "-Djava.nio.channels.spi.SelectorProvider=" + NoSockets.class.getName();
  private static final AtomicInteger ASKED = new AtomicInteger();

  /** Refuses the older kind of sockets, too, and checks that both are refused. */
  @SuppressWarnings("deprecation") // the only way to refuse sockets of java.net
  static void install() throws IOException, InterruptedException {
    Socket.setSocketImplFactory(
        () -> {
          ASKED.incrementAndGet();
          throw new IllegalStateException("sockets are refused");
        });
    URI uri = URI.create("http://localhost:1/");
    int before = ASKED.get();
    try {
      HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      throw new AssertionError("a request went out");
    } catch (IOException | RuntimeException | InternalError e) {
      require(ASKED.get() > before, "java.net.http asked for no socket");
    }
    before = ASKED.get();
    try {
      uri.toURL().openStream().close();
      throw new AssertionError("a request went out");
    } catch (IOException | RuntimeException e) {
      require(ASKED.get() > before, "URLConnection asked for no socket");
    }
    ASKED.set(0);
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError(otherwise);
    }
  }

  /** Returns the number of attempts since {@link #install}. */
  static int asked() {
    return ASKED.get();
  }

  private static IOException refused() {
    ASKED.incrementAndGet();
    return new SocketException("sockets are refused");
  }

  @Override
  public DatagramChannel openDatagramChannel() throws IOException {
    throw refused();
  }

  @Override
  public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
    throw refused();
  }

  @Override
  public Pipe openPipe() throws IOException {
    throw refused();
  }

  @Override
  public AbstractSelector openSelector() throws IOException {
    throw refused();
  }

  @Override
  public ServerSocketChannel openServerSocketChannel() throws IOException {
    throw refused();
  }

  @Override
  public SocketChannel openSocketChannel() throws IOException {
    throw refused();
  }
}
