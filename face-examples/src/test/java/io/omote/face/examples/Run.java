// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A program that was run in this process.
 *
 * @param out its standard output
 * @param err its standard error
 */
record Run(String out, String err) {
  /** Runs a program; throws what it throws. */
  static Run of(String program, Object... args) throws Exception {
    String[] words = Arrays.stream(args).map(Object::toString).toArray(String[]::new);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream outBefore = System.out;
    PrintStream errBefore = System.err;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      Class.forName("io.omote.face.examples." + program)
          .getMethod("main", String[].class)
          .invoke(null, (Object) words);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      System.setOut(outBefore);
      System.setErr(errBefore);
    }
    return new Run(out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  String lastLine() {
    return out.lines().reduce((first, last) -> last).orElse("");
  }
}
