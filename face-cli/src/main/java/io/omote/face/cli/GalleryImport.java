// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceException;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An import of samples into a gallery. All samples are read and compared with the gallery before
 * the first one is written; then they are written in batches, and those that the gallery has are
 * skipped, so that an import can be repeated. Not thread-safe.
 */
final class GalleryImport {
  /** The size of a batch, which is one commit to disk. */
  private static final int BATCH = 2_000;

  /** The number of contradictions that a message names. */
  private static final int MAX_NAMES = 20;

  private final Samples samples;
  private final GalleryArgument address;

  /** The samples of the gallery and those read so far: hashes of their names and embeddings. */
  private final Map<Long, Long> known = new HashMap<>();

  private final List<String> contradictions = new ArrayList<>();
  private int contradicting;
  private @Nullable String modelId;
  private int dimension;
  private int total;
  private int missing;
  private int done;

  GalleryImport(Samples samples, GalleryArgument address) {
    this.samples = samples;
    this.address = address;
  }

  /**
   * Imports all samples, and creates the gallery if it is missing.
   *
   * @return the gallery, which the caller must close
   * @throws FaceException if there are no samples, one of them is invalid, belongs to another model
   *     or contradicts another one, or the gallery cannot be written to
   */
  FaceGallery run() throws IOException {
    Optional<String> existing = address.findModelId();
    if (existing.isEmpty()) {
      check();
      return write(address.open(Objects.requireNonNull(modelId)));
    }
    modelId = existing.get();
    FaceGallery gallery = address.open(modelId);
    try {
      gallery.forEach(entry -> known.put(name(entry), Hash.of(entry.face().toBytes())));
      check();
    } catch (IOException | RuntimeException | Error e) {
      gallery.close();
      throw e;
    }
    return write(gallery);
  }

  private void check() throws IOException {
    try (Progress progress = Progress.of("checking", "samples", -1)) {
      samples.forEach(
          entry -> {
            check(entry);
            progress.step();
          });
    }
    if (total == 0) {
      throw new FaceException("expected samples to import, found none");
    }
    if (contradicting > 0) {
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "nothing was imported: %s %s with another embedding in the gallery or in what is imported (%s%s): remove or rename one of each",
              Counted.samples(contradicting),
              contradicting == 1 ? "is" : "are",
              String.join("; ", contradictions),
              contradicting > contradictions.size() ? "; ..." : ""));
    }
  }

  private void check(GalleryEntry entry) {
    if (modelId == null) {
      modelId = entry.face().modelId();
    }
    if (dimension == 0) {
      dimension = entry.face().dimension();
    }
    if (!entry.face().modelId().equals(modelId) || entry.face().dimension() != dimension) {
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "nothing was imported: expected embeddings of the model %s, found one of %s (%s, %s): import it into another gallery",
              modelId,
              entry.face().modelId(),
              entry.person(),
              entry.sample()));
    }
    total++;
    long face = Hash.of(entry.face().toBytes());
    Long other = known.putIfAbsent(name(entry), face);
    if (other == null) {
      missing++;
    } else if (other != face) {
      contradicting++;
      if (contradictions.size() < MAX_NAMES) {
        contradictions.add(entry.person() + ", " + entry.sample());
      }
    }
  }

  private static long name(GalleryEntry entry) {
    return Hash.of(entry.person() + '\0' + entry.sample()); // no name has a control character
  }

  private FaceGallery write(FaceGallery gallery) throws IOException {
    try (ShutdownSignal shutdown = new ShutdownSignal();
        Progress progress = Progress.of("importing", "samples", total)) {
      List<GalleryEntry> batch = new ArrayList<>();
      samples.forEach(
          entry -> {
            batch.add(entry);
            if (batch.size() == BATCH) {
              enroll(gallery, batch, shutdown);
            }
            progress.step();
          });
      enroll(gallery, batch, shutdown);
      return gallery;
    } catch (IOException | RuntimeException | Error e) {
      gallery.close();
      throw e;
    }
  }

  private void enroll(FaceGallery gallery, List<GalleryEntry> batch, ShutdownSignal shutdown) {
    if (shutdown.isRaised()) {
      throw endedEarly("the process is ending", null);
    }
    try {
      gallery.enroll(batch);
    } catch (FaceException e) {
      throw endedEarly(e.getMessage(), e);
    }
    done += batch.size();
    batch.clear();
  }

  private FaceException endedEarly(String why, @Nullable FaceException cause) {
    return new FaceException(
        String.format(
            Locale.ROOT,
            "ended early: %d of %d samples are in the gallery, run the same command again for the rest: %s",
            done,
            total,
            why),
        cause);
  }

  /** Returns the number of samples that the gallery did not have. */
  int imported() {
    return missing;
  }

  /** Returns the number of samples that the gallery had, or that occurred before. */
  int repeated() {
    return total - missing;
  }
}
