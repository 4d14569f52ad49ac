// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceException;
import io.omote.face.internal.files.FileFailure;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.util.Locale;

/**
 * The standard output of the process. {@code System.out} hides that it cannot be written to: a
 * command would end as if its answers were on disk. Used by one thread.
 */
final class StandardOutput extends Writer {
  private final Writer writer;

  StandardOutput(Charset encoding) {
    writer = new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), encoding);
  }

  /** Returns the encoding of text on a terminal. Its property has two names. */
  static Charset encoding() {
    String name = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
    return name != null && Charset.isSupported(name)
        ? Charset.forName(name)
        : Charset.defaultCharset();
  }

  @Override
  public void write(char[] letters, int offset, int length) {
    try {
      writer.write(letters, offset, length);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void flush() {
    try {
      writer.flush();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    flush(); // the stream belongs to the process
  }

  private static FaceException failed(IOException cause) {
    return new FaceException(
        String.format(
            Locale.ROOT,
            "the answers could not be written to standard output (%s)",
            FileFailure.reason(cause)),
        cause);
  }
}
