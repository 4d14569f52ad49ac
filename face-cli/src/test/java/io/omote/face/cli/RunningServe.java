// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.Arrays;
import java.util.stream.Stream;

/** The command serve, running in this process on a free port until it is closed. */
final class RunningServe implements AutoCloseable {
  private final Thread thread;
  private final JsonObject listening;
  private volatile int exitCode = -1;

  RunningServe(Object... options) throws IOException {
    PipedReader out = new PipedReader();
    PrintWriter in = new PrintWriter(new PipedWriter(out), true);
    StringWriter err = new StringWriter();
    String[] words =
        Stream.concat(Stream.of("--port", "0", "--json"), Arrays.stream(options))
            .map(Object::toString)
            .toArray(String[]::new);
    thread =
        new Thread(
            () -> {
              exitCode =
                  Commands.commandLine(new Serve())
                      .setOut(in)
                      .setErr(new PrintWriter(err, true))
                      .execute(words);
              in.close();
            });
    thread.start();
    String line = new BufferedReader(out).readLine();
    if (line == null) {
      throw new IOException(err.toString());
    }
    JsonSchemas.assertValid("serve", line);
    listening = JsonParser.parseString(line).getAsJsonObject();
  }

  String url() {
    return listening.get("url").getAsString();
  }

  int port() {
    return URI.create(url()).getPort();
  }

  /** Returns the token, or null if none is required. */
  String token() {
    return listening.has("token") ? listening.get("token").getAsString() : null;
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  int exitCode() {
    return exitCode;
  }
}
