// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples.evaluation;

import io.omote.face.evaluation.DetPoint;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws a DET curve with logarithmic axes. */
public final class DetPlot {
  private DetPlot() {}

  /**
   * Draws the curve of a report as PNG.
   *
   * @param report the report
   * @param file the file, with the ending {@code .png}
   * @throws IOException if it cannot be written
   */
  public static void write(Report report, Path file) throws IOException {
    // A logarithm has no place for rates of 0.
    List<DetPoint> points = report.det().stream().filter(p -> p.fmr() > 0 && p.fnmr() > 0).toList();
    XYChart chart =
        new XYChartBuilder()
            .width(720)
            .height(540)
            .title("%s, %s".formatted(report.dataSet(), report.modelId()))
            .xAxisTitle("false match rate (FMR), %")
            .yAxisTitle("false non-match rate (FNMR), %")
            .build();
    chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true).setLegendVisible(false);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    if (!points.isEmpty()) {
      XYSeries series =
          chart.addSeries(
              "DET",
              points.stream().mapToDouble(p -> 100 * p.fmr()).toArray(),
              points.stream().mapToDouble(p -> 100 * p.fnmr()).toArray());
      series.setMarker(SeriesMarkers.NONE).setLineStyle(new BasicStroke(1.5f));
    }
    BitmapEncoder.saveBitmap(chart, file.toString(), BitmapFormat.PNG);
  }
}
