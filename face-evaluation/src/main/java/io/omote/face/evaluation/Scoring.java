// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.FaceEmbedding;
import io.omote.face.internal.files.NewFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * The scores of a protocol's comparisons. Immutable and thread-safe.
 *
 * @param folds the scores of each fold, one where there are none
 * @param duration the time that comparing took, with writing where the scores were written
 */
public record Scoring(List<VerificationScores> folds, Duration duration) {
  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180
          .builder()
          .setHeader("image1", "image2", "same", "fold", "similarity")
          .setRecordSeparator('\n')
          .get();

  /**
   * Makes all comparisons, one after the other; nothing is kept but their similarities.
   *
   * @param protocol the comparisons
   * @param images the embeddings
   * @param csv where to write each comparison, with an empty similarity where it could not be made;
   *     null for nowhere. It must not be there
   * @return the scores
   * @throws IOException if they cannot be written
   */
  public static Scoring of(Protocol protocol, EmbeddedImages images, @Nullable Path csv)
      throws IOException {
    long start = System.nanoTime();
    List<VerificationScores.Builder> folds =
        Stream.generate(VerificationScores::builder).limit(protocol.folds()).toList();
    if (csv == null) {
      score(protocol, images, folds, null);
    } else {
      NewFile.writeText(csv, text -> score(protocol, images, folds, new CSVPrinter(text, FORMAT)));
    }
    return new Scoring(
        folds.stream().map(VerificationScores.Builder::build).toList(),
        Duration.ofNanos(System.nanoTime() - start));
  }

  private static void score(
      Protocol protocol,
      EmbeddedImages images,
      List<VerificationScores.Builder> folds,
      @Nullable CSVPrinter printer)
      throws IOException {
    for (Comparison pair : protocol.comparisons()) {
      Double similarity = similarity(images, pair);
      if (similarity == null) {
        folds.get(pair.fold()).addFailure(pair.mated());
      } else {
        folds.get(pair.fold()).add(pair.mated(), similarity);
      }
      if (printer != null) {
        printer.printRecord(
            protocol.images().get(pair.first()),
            protocol.images().get(pair.second()),
            pair.mated() ? 1 : 0,
            pair.fold() + 1,
            similarity);
      }
    }
  }

  private static @Nullable Double similarity(EmbeddedImages images, Comparison pair) {
    Optional<FaceEmbedding> first = images.outcomes().get(pair.first()).embedding();
    Optional<FaceEmbedding> second = images.outcomes().get(pair.second()).embedding();
    return first.isPresent() && second.isPresent() ? first.get().similarity(second.get()) : null;
  }
}
