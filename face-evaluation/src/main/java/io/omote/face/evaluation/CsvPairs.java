// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads pairs from a table with the columns {@code image1}, {@code image2} and {@code same}, as
 * spreadsheets write it: separated by commas, semicolons, tabs or bars, which the header shows, and
 * maybe with the line {@code sep=;} above it. Used by one thread.
 */
final class CsvPairs {
  static final String ADVICE =
      "begin with the line image1,image2,same, or the same with ; or tabs in all lines";

  private static final List<String> COLUMNS = List.of("image1", "image2", "same");

  private static final List<Character> SEPARATORS = List.of(',', ';', '\t', '|');

  /** The first line for some spreadsheets, which may put it in quotation marks. */
  private static final Pattern SEPARATOR_LINE =
      Pattern.compile("\"?sep=([^\"\\w])\"?[,;\\s]*", Pattern.CASE_INSENSITIVE);

  private final ListText text;
  private final Header header;
  private final ListedPairs pairs;

  /**
   * The first line of a table.
   *
   * @param separator the character between its cells
   * @param names the names of its columns in lower case, without blank ones at the end
   */
  record Header(char separator, List<String> names) {}

  private CsvPairs(ListText text, Header header, ListedPairs pairs) {
    this.text = text;
    this.header = header;
    this.pairs = pairs;
  }

  /**
   * Reads the header of a table.
   *
   * @param first the first line of the text that is not blank
   * @return the header; empty if the text does not begin as a table
   * @throws ProtocolException if it declares a separator, but has no header
   */
  static Optional<Header> header(ListText text, String first) throws IOException {
    Matcher declared = SEPARATOR_LINE.matcher(first);
    if (!declared.matches()) {
      return header(SEPARATORS.stream(), first);
    }
    String next = text.next();
    String line = next == null ? "" : next;
    Stream<Character> separator = Stream.of(declared.group(1).charAt(0));
    Optional<Header> header = header(Stream.concat(separator, SEPARATORS.stream()), line);
    if (header.isEmpty()) {
      throw withoutHeader(text, line);
    }
    return header;
  }

  private static Optional<Header> header(Stream<Character> separators, String line) {
    return separators
        .map(separator -> new Header(separator, names(line, separator)))
        .filter(header -> header.names.containsAll(COLUMNS))
        .findFirst();
  }

  private static List<String> names(String line, char separator) {
    List<String> names = new ArrayList<>();
    for (String cell : line.split(Pattern.quote(String.valueOf(separator)))) {
      names.add(cell.replace('"', ' ').strip().toLowerCase(Locale.ROOT));
    }
    return names;
  }

  /** Returns the exception for a text whose last line that was read should be a header. */
  static ProtocolException withoutHeader(ListText text, String line) {
    return text.unexpected(
        text.line(), "the columns image1, image2 and same", ListText.shown(line), ADVICE);
  }

  static Protocol read(ListText text, Header header, Path root) throws IOException {
    for (String column : COLUMNS) {
      if (header.names.indexOf(column) != header.names.lastIndexOf(column)) {
        throw text.unexpected(
            text.line(), "the column " + column + " once", "it twice", "remove one of them");
      }
    }
    ListedPairs pairs = new ListedPairs(text.file(), root);
    new CsvPairs(text, header, pairs).read();
    return pairs.protocol(1);
  }

  private void read() throws IOException {
    CSVFormat format =
        CSVFormat.RFC4180
            .builder()
            .setDelimiter(header.separator)
            .setIgnoreEmptyLines(true)
            .setIgnoreSurroundingSpaces(true)
            .get();
    int above = text.line();
    try (CSVParser parser = CSVParser.parse(text.rest(), format)) {
      int last = above;
      try {
        for (CSVRecord record : parser) {
          last = above + (int) parser.getCurrentLineNumber();
          add(record, last);
        }
      } catch (UncheckedIOException e) {
        if (e.getCause() instanceof CSVException) {
          throw text.unexpected(
              last + 1,
              "quotation marks around a whole cell, and doubled inside it, from",
              "others",
              "correct the marks");
        }
        throw e.getCause();
      }
    }
  }

  private void add(CSVRecord record, int line) {
    if (record.stream().allMatch(String::isBlank)) {
      return; // an empty row of a spreadsheet
    }
    if (record.stream().skip(header.names.size()).anyMatch(cell -> !cell.isBlank())) {
      throw text.unexpected(
          line,
          String.format(Locale.ROOT, "%d cells separated by %s", header.names.size(), separator()),
          String.format(Locale.ROOT, "%d", record.size()),
          "put names that have the separator into quotation marks");
    }
    pairs.add(
        cell(record, "image1", line),
        cell(record, "image2", line),
        isMated(cell(record, "same", line), line),
        0,
        line);
  }

  private String cell(CSVRecord record, String column, int line) {
    int index = header.names.indexOf(column);
    String cell = index < record.size() ? record.get(index) : "";
    if (cell.isBlank()) {
      throw text.unexpected(
          line,
          String.format(Locale.ROOT, "a cell %s and %s between cells", column, separator()),
          ListText.shown(String.join(" ", record)),
          "complete the line");
    }
    return text.intact(cell, line);
  }

  private String separator() {
    return switch (header.separator) {
      case ',' -> "commas";
      case ';' -> "semicolons";
      case '\t' -> "tabs";
      default -> "'" + header.separator + "'";
    };
  }

  private boolean isMated(String same, int line) {
    return switch (same.strip().toLowerCase(Locale.ROOT)) {
      case "1", "true", "yes", "same" -> true;
      case "0", "false", "no", "different" -> false;
      default ->
          throw text.unexpected(
              line,
              "1 or 0 in the column same",
              ListText.shown(same),
              "write 1, true, yes or same for one person, and 0, false, no or different for two");
    };
  }
}
