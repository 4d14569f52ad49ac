// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Prints whether another process holds the lock of a file: {@code held} or {@code free}. */
final class LockProcess {
  private LockProcess() {}

  public static void main(String[] args) throws IOException {
    try (FileChannel channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
      System.out.print(channel.tryLock() == null ? "held" : "free");
    }
  }
}
