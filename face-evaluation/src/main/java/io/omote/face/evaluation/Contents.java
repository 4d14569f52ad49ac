// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.InterruptedCallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Different contents of images, so that neither a copy nor another name of a file counts as another
 * image. Files are read only if others have their size. Used by one thread.
 */
final class Contents {
  private static final int SEVERAL = -1;

  /** The first file of each content. */
  private final List<Path> files = new ArrayList<>();

  /** The content of each size; several if their hashes tell them apart. */
  private final Map<Long, Integer> bySize = new HashMap<>();

  private final Map<String, Integer> byHash = new HashMap<>();

  /**
   * Returns the index of the content of a file. It equals the number of contents so far if it is
   * new. A file that is empty or cannot be read differs from all others: nothing is known of its
   * image.
   *
   * @throws InterruptedCallException if the thread was interrupted
   */
  int index(Path file) {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedCallException("interrupted while looking for equal images: start again");
    }
    int index = known(file);
    if (index == files.size()) {
      files.add(file);
    }
    return index;
  }

  private int known(Path file) {
    int next = files.size();
    long size = size(file);
    if (size == 0) {
      return next;
    }
    Integer sameSize = bySize.putIfAbsent(size, next);
    if (sameSize == null) {
      return next;
    }
    if (sameSize != SEVERAL) {
      hash(files.get(sameSize)).ifPresent(hash -> byHash.put(hash, sameSize));
      bySize.put(size, SEVERAL);
    }
    return hash(file).map(hash -> byHash.putIfAbsent(hash, next)).orElse(next);
  }

  /** Returns the size of a file, 0 if it cannot be read. */
  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0; // the evaluation counts it as unreadable, and says why
    }
  }

  /** Returns the hash of a file, nothing if it cannot be read. */
  private static Optional<String> hash(Path file) {
    try {
      return Optional.of(EmbeddingStore.key(file));
    } catch (IOException e) {
      return Optional.empty(); // as above
    }
  }

  /** Returns whether two paths lead to one file, which is no copy then. */
  static boolean isSameFile(Path first, Path second) {
    try {
      return Files.isSameFile(first, second);
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns the first file of a content. */
  Path first(int index) {
    return files.get(index);
  }
}
