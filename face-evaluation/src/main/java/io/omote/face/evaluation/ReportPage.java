// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import com.samskivert.mustache.Mustache;
import io.omote.face.FaceException;
import io.omote.face.internal.files.NewFile;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The layout of a report: a summary, figures, facts, a table, notes and plots, written as text, as
 * files and as one web page. Used by one thread.
 */
final class ReportPage {
  private static final String GAP = "   ";

  /** The least width of the names of facts in text. */
  private static final int NAME_WIDTH = 17;

  private final EvaluationReport report;
  private final String kind;
  private final String jsonName;
  private final List<Figure> figures = new ArrayList<>();

  /** Names may repeat: some are names of folders. */
  private final List<Fact> facts = new ArrayList<>();

  private final List<List<String>> rows = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Plot> plots = new ArrayList<>();
  private String summary = "";
  private String tableTitle = "";
  private String pairsNote = "";
  private String matedTitle = "";
  private String nonMatedTitle = "";

  /**
   * A number to be seen first.
   *
   * @param name its name
   * @param value the number
   * @param detail its bounds or what it counts
   * @param kind the class of its color: mated, non-mated or empty
   */
  private record Figure(String name, String value, String detail, String kind) {}

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
   * @param name the name of its SVG file
   * @param title its heading
   * @param caption the text below it
   */
  private record Plot(String name, String title, String caption, SvgPlot drawing) {}

  /**
   * Creates a page with the data set and the notes of a report.
   *
   * @param kind the kind of report
   * @param jsonName the name of the file of the JSON form
   */
  ReportPage(EvaluationReport report, String kind, String jsonName) {
    this.report = report;
    this.kind = kind;
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

  /** Sets the sentences that say the result. */
  ReportPage summary(String format, Object... values) {
    summary = String.format(Locale.ROOT, format, values);
    return this;
  }

  /**
   * Adds a number to be seen first; only on the web page.
   *
   * @param colors mated or non-mated, or empty
   */
  ReportPage figure(String name, String value, String detail, String colors) {
    figures.add(new Figure(name, value, detail, colors));
    return this;
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
  ReportPage plot(String name, String title, String caption, SvgPlot drawing) {
    plots.add(new Plot(name, title, caption, drawing));
    return this;
  }

  /** Sets the texts of the worst pairs. */
  ReportPage pairs(String note, String mated, String nonMated) {
    pairsNote = note;
    matedTitle = mated;
    nonMatedTitle = nonMated;
    return this;
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
    out.println(summary);
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

  /**
   * Writes the JSON form, the web page and the plots.
   *
   * @param worst the worst pairs, null for a report without pairs
   */
  void write(Path folder, @Nullable WorstPairs worst) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(jsonName, Json.INDENTED.toJson(Json.tree(report)) + "\n");
    files.put("report.html", html(worst));
    plots.forEach(plot -> files.put(plot.name, plot.drawing.file()));
    List<String> written = new ArrayList<>();
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      try {
        NewFile.write(path, file.getValue());
      } catch (FaceException e) {
        throw new FaceException(e.getMessage() + "; " + whatIsThere(folder, written), e);
      } catch (IOException e) {
        throw new FaceException(
            String.format(
                Locale.ROOT,
                "%s could not be created: check the folder and its free space; %s",
                path,
                whatIsThere(folder, written)),
            e);
      }
      written.add(file.getKey());
    }
  }

  /** Returns what a failed write leaves in the folder. */
  private static String whatIsThere(Path folder, List<String> written) {
    return written.isEmpty()
        ? "nothing was written"
        : String.format(Locale.ROOT, "complete in %s: %s", folder, String.join(", ", written));
  }

  private String html(@Nullable WorstPairs worst) throws IOException {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("kind", kind);
    values.put("dataSet", report.dataSet());
    values.put("summary", unbroken(summary));
    values.put("style", SvgPlot.CSS);
    values.put("figures", figures.stream().map(ReportPage::values).toList());
    values.put("plots", plots.stream().map(ReportPage::values).toList());
    values.put("tableTitle", tableTitle);
    values.put("columns", rows.isEmpty() ? List.of() : rows.get(0));
    values.put("rows", rows.stream().skip(1).map(ReportPage::values).toList());
    values.put("notes", notes);
    values.put(
        "facts",
        facts.stream().map(fact -> Map.of("name", fact.name, "value", fact.value)).toList());
    values.put("hasPairs", worst != null);
    if (worst != null) {
      values.put("pairsNote", pairsNote);
      values.put("hasCrops", worst.hasCrops());
      values.put(
          "pairs",
          List.of(
              values("mated", matedTitle, worst.mated()),
              values("non-mated", nonMatedTitle, worst.nonMated())));
    }
    ReportOrigin origin = report.origin();
    values.put("version", origin.version());
    values.put("time", origin.time());
    values.put("readableTime", origin.readableTime());
    values.put("command", origin.command() == null ? "" : origin.command());
    try (Reader template =
        new InputStreamReader(
            ReportPage.class.getResourceAsStream("report.html"), StandardCharsets.UTF_8)) {
      return Mustache.compiler()
          .escapeHTML(true)
          // What a report lacks is an empty text.
          .emptyStringIsFalse(true)
          .compile(template)
          .execute(values);
    }
  }

  /** Returns a text that no line break separates from its percent signs. */
  private static String unbroken(String text) {
    return text.replace(" %", "\u00a0%");
  }

  private static Map<String, String> values(Figure figure) {
    return Map.of(
        "name", unbroken(figure.name),
        "value", unbroken(figure.value),
        "detail", unbroken(figure.detail),
        "kind", figure.kind);
  }

  private static Map<String, String> values(Plot plot) {
    return Map.of(
        "title",
        plot.title,
        "caption",
        plot.caption,
        "wide",
        plot.drawing.svg(SvgPlot.WIDE),
        "narrow",
        plot.drawing.svg(SvgPlot.NARROW));
  }

  private static Map<String, Object> values(List<String> row) {
    return Map.of("head", row.get(0), "cells", row.subList(1, row.size()));
  }

  private static Map<String, Object> values(
      String kind, String title, List<WorstPairs.Entry> entries) {
    return Map.of(
        "kind", kind, "title", title, "entries", entries.stream().map(ReportPage::values).toList());
  }

  private static Map<String, Object> values(WorstPairs.Entry entry) {
    return Map.of(
        "similarity",
        cosine(entry.similarity()),
        "sides",
        entry.sides().map(ReportPage::values).toList());
  }

  private static Map<String, String> values(WorstPairs.Side side) {
    FaceCrop crop = side.crop();
    return Map.of(
        "name",
        side.name(),
        "uri",
        crop == null ? "" : crop.uri(),
        "problem",
        crop == null ? "" : crop.problem());
  }
}
