// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * All files that are created in a folder while this is open, even those deleted at once: the
 * operating system reports them.
 */
final class CreatedFiles implements AutoCloseable {
  private static final String LAST = "the-last-one";

  private final Path folder;
  private final WatchService watch;
  private final Set<String> names = new TreeSet<>();

  CreatedFiles(Path folder) throws IOException {
    this.folder = folder;
    watch = folder.getFileSystem().newWatchService();
    folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
  }

  /** Returns the names of all files and folders created so far. */
  Set<String> names() throws IOException, InterruptedException {
    // Reports come in order: with this one, those of all others are there.
    Path last = Files.createFile(folder.resolve(LAST));
    while (!names.contains(LAST)) {
      WatchKey key = watch.poll(60, TimeUnit.SECONDS);
      if (key == null) {
        throw new AssertionError("nothing is reported of " + folder);
      }
      for (WatchEvent<?> event : key.pollEvents()) {
        if (event.kind() == StandardWatchEventKinds.OVERFLOW) {
          throw new AssertionError("more was created than can be reported");
        }
        names.add(event.context().toString());
      }
      key.reset();
    }
    Files.delete(last);
    names.remove(LAST);
    return Set.copyOf(names);
  }

  @Override
  public void close() throws IOException {
    watch.close();
  }
}
