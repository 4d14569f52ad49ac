// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads pairs from a CSV file with the columns {@code image1,image2,same}. */
final class CsvPairs {
  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setIgnoreEmptyLines(true)
          .setIgnoreSurroundingSpaces(true)
          .get();

  private static final List<String> COLUMNS = List.of("image1", "image2", "same");

  private CsvPairs() {}

  static Protocol read(Path file, Path root) throws IOException {
    ListedPairs pairs = new ListedPairs(file);
    try (CSVParser parser = CSVParser.parse(Utf8Text.open(file), FORMAT)) {
      if (!parser.getHeaderNames().containsAll(COLUMNS)) {
        throw new IllegalArgumentException("found the columns " + parser.getHeaderNames());
      }
      for (CSVRecord line : parser) {
        pairs.add(line.get("image1"), line.get("image2"), isMated(line.get("same")), 0);
      }
    } catch (IllegalArgumentException | UncheckedIOException e) {
      if (e.getCause() instanceof CharacterCodingException encoding) {
        throw encoding;
      }
      throw new ProtocolException(
          String.format(
              Locale.ROOT,
              "%s is not CSV with the columns image1,image2,same and 1 or 0 in the last one (%s): correct the file",
              file,
              e.getMessage()),
          e);
    }
    return pairs.protocol(root, 1);
  }

  private static boolean isMated(String same) {
    return switch (same.toLowerCase(Locale.ROOT)) {
      case "1", "true" -> true;
      case "0", "false" -> false;
      default -> throw new IllegalArgumentException("found '" + same + "' in the column same");
    };
  }
}
