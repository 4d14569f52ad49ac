// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import com.samskivert.mustache.Mustache;
import io.omote.face.description.ErrorRate;
import io.omote.face.internal.files.NewFile;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The layout of a report: facts, a table, notes and plots, written as text, as files and as one web
 * page. Used by one thread.
 */
final class ReportPage {
  private static final String GAP = "   ";

  /** The least width of the names of facts in text. */
  private static final int NAME_WIDTH = 17;

  private final EvaluationReport report;
  private final String jsonName;

  /** Names may repeat: some are names of folders. */
  private final List<Fact> facts = new ArrayList<>();

  private final List<List<String>> rows = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Plot> plots = new ArrayList<>();
  private String tableTitle = "";

  /**
   * A line of text with a name.
   *
   * @param name the name
   * @param value the text
   */
  private record Fact(String name, String value) {}

  /**
   * A plot.
   *
   * @param name the name of its PNG file
   * @param title its heading
   * @param description the text for readers who cannot see it
   */
  private record Plot(String name, String title, String description, CurvePlot curves) {}

  /**
   * Creates a page with the data set and the notes of a report.
   *
   * @param jsonName the name of the file of the JSON form
   */
  ReportPage(EvaluationReport report, String jsonName) {
    this.report = report;
    this.jsonName = jsonName;
    report.notes().forEach(this::note);
  }

  static ReportPage of(EvaluationReport report) {
    if (report instanceof VerificationReport verification) {
      return verification.page();
    }
    if (report instanceof IdentificationReport identification) {
      return identification.page();
    }
    if (report instanceof LivenessReport liveness) {
      return liveness.page();
    }
    return ((QualityReport) report).page();
  }

  /** Adds a line with a name. */
  ReportPage fact(String name, String format, Object... values) {
    facts.add(new Fact(name, String.format(Locale.ROOT, format, values)));
    return this;
  }

  /** Starts the table. */
  ReportPage table(String title, String... columns) {
    tableTitle = title;
    return row(columns);
  }

  /** Adds a row to the table. */
  ReportPage row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  /** Adds a sentence below the table. */
  ReportPage note(String text) {
    notes.add(text);
    return this;
  }

  /** Adds a plot, which is written to its own file, too. */
  ReportPage plot(String name, String title, String description, CurvePlot curves) {
    plots.add(new Plot(name, title, description, curves));
    return this;
  }

  static String percent(ErrorRate rate, int decimals) {
    String format = String.format(Locale.ROOT, "%%.%1$df %%%% (%%.%1$df to %%.%1$df)", decimals);
    return String.format(
        Locale.ROOT, format, 100 * rate.value(), 100 * rate.lower(), 100 * rate.upper());
  }

  static String percent(double rate) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * rate);
  }

  static String cosine(double similarity) {
    return String.format(Locale.ROOT, "%.4f", similarity);
  }

  void print(PrintWriter out) {
    printFacts(out);
    if (!rows.isEmpty()) {
      out.println();
      printTable(out);
    }
    out.println();
    notes.forEach(out::println);
    out.flush();
  }

  private void printFacts(PrintWriter out) {
    List<Fact> lines = new ArrayList<>();
    lines.add(new Fact("data set", report.dataSet()));
    lines.addAll(facts);
    int width = NAME_WIDTH;
    for (Fact fact : lines) {
      width = Math.max(width, fact.name.length());
    }
    for (Fact fact : lines) {
      out.println(fact.name + " ".repeat(width - fact.name.length() + 1) + fact.value);
    }
  }

  private void printTable(PrintWriter out) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String cell = row.get(column);
        line.append(cell).append(" ".repeat(widths[column] - cell.length())).append(GAP);
      }
      out.println(line.toString().stripTrailing());
    }
  }

  /** Writes the JSON form, the plots and the web page. */
  void write(Path folder) throws IOException {
    NewFile.write(folder.resolve(jsonName), Json.INDENTED.toJson(report) + "\n");
    List<Map<String, String>> images = new ArrayList<>();
    for (Plot plot : plots) {
      byte[] png = plot.curves.png();
      NewFile.write(folder.resolve(plot.name), png);
      images.add(
          Map.of(
              "title", plot.title,
              "description", plot.description,
              "data", "data:image/png;base64," + Base64.getEncoder().encodeToString(png)));
    }
    NewFile.write(folder.resolve("report.html"), html(images));
  }

  private String html(List<Map<String, String>> images) throws IOException {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("dataSet", report.dataSet());
    values.put(
        "facts",
        facts.stream().map(fact -> Map.of("name", fact.name, "value", fact.value)).toList());
    values.put("tableTitle", tableTitle);
    values.put("columns", rows.isEmpty() ? List.of() : rows.get(0));
    values.put("rows", rows.stream().skip(1).map(row -> Map.of("cells", row)).toList());
    values.put("notes", notes);
    values.put("plots", images);
    try (Reader template =
        new InputStreamReader(
            ReportPage.class.getResourceAsStream("report.html"), StandardCharsets.UTF_8)) {
      return Mustache.compiler()
          .escapeHTML(true)
          // A report without a table has an empty title.
          .emptyStringIsFalse(true)
          .compile(template)
          .execute(values);
    }
  }
}
