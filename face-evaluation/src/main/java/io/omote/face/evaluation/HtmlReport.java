// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import io.omote.face.description.OperatingPoint;
import io.omote.face.internal.files.NewFile;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report as one web page, with its plots in it. Stateless and thread-safe. */
public final class HtmlReport {
  private HtmlReport() {}

  /**
   * Writes {@code report.html}.
   *
   * @param report the report
   * @param folder the folder, with the plots {@code det.png} and {@code scores.png}
   * @throws IOException if a plot cannot be read, or the page cannot be written
   */
  public static void write(Report report, Path folder) throws IOException {
    List<Map<String, String>> rows = new ArrayList<>();
    rows.add(row("threshold of the models", report.defaultThreshold()));
    for (Report.AtFmr at : report.atFmr()) {
      rows.add(row(String.format(Locale.ROOT, "FMR %.0e", at.wanted()), at.point()));
    }
    Map<String, Object> values = new HashMap<>();
    values.put("dataSet", report.dataSet());
    values.put("modelId", report.modelId());
    values.put("images", report.images());
    values.put("comparisons", report.comparisons());
    values.put("equalErrorRate", percent(report.equalErrorRate()));
    values.put("accuracy", percent(report.bestAccuracy().accuracy()));
    values.put("accuracyAt", String.format(Locale.ROOT, "%.4f", report.bestAccuracy().threshold()));
    values.put("rows", rows);
    values.put("limit", report.limit());
    values.put("det", inline(folder.resolve("det.png")));
    values.put("scores", inline(folder.resolve("scores.png")));
    NewFile.write(folder.resolve("report.html"), template().execute(values));
  }

  private static Map<String, String> row(String name, OperatingPoint point) {
    return Map.of(
        "name",
        name,
        "threshold",
        String.format(Locale.ROOT, "%.4f", point.threshold()),
        "fmr",
        Report.percent(point.fmr(), 5),
        "fnmr",
        Report.percent(point.fnmr(), 2));
  }

  private static String percent(double rate) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * rate);
  }

  private static String inline(Path png) throws IOException {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(Files.readAllBytes(png));
  }

  /** Escapes what is put into it. */
  private static Template template() throws IOException {
    try (Reader text =
        new InputStreamReader(
            HtmlReport.class.getResourceAsStream("report.html"), StandardCharsets.UTF_8)) {
      return Mustache.compiler().escapeHTML(true).compile(text);
    }
  }
}
