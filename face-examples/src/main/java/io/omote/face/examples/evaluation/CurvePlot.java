// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples.evaluation;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws curves of error rates in percent. Used by one thread. */
final class CurvePlot {
  private final XYChart chart;
  private final boolean logarithmic;

  private CurvePlot(XYChart chart, boolean logarithmic) {
    this.chart = chart;
    this.logarithmic = logarithmic;
    chart.getStyler().setXAxisLogarithmic(logarithmic).setYAxisLogarithmic(logarithmic);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
  }

  /** A detection error trade-off curve: both axes are logarithmic. */
  static CurvePlot det(String title, String xAxis, String yAxis) {
    return new CurvePlot(chart(title, xAxis, yAxis), true);
  }

  static CurvePlot linear(String title, String xAxis, String yAxis) {
    return new CurvePlot(chart(title, xAxis, yAxis), false);
  }

  private static XYChart chart(String title, String xAxis, String yAxis) {
    return new XYChartBuilder()
        .width(720)
        .height(540)
        .title(title)
        .xAxisTitle(xAxis + ", %")
        .yAxisTitle(yAxis + ", %")
        .build();
  }

  /**
   * Adds a curve.
   *
   * @param name its name
   * @param points x and y of each point, as rates in [0, 1]
   */
  CurvePlot add(String name, double[][] points) {
    double[][] drawn = new double[points.length][];
    int count = 0;
    for (double[] point : points) {
      // A logarithm has no place for rates of 0.
      if (!logarithmic || (point[0] > 0 && point[1] > 0)) {
        drawn[count++] = point;
      }
    }
    if (count > 0) {
      double[] xs = new double[count];
      double[] ys = new double[count];
      for (int i = 0; i < count; i++) {
        xs[i] = 100 * drawn[i][0];
        ys[i] = 100 * drawn[i][1];
      }
      chart
          .addSeries(name, xs, ys)
          .setMarker(SeriesMarkers.NONE)
          .setLineStyle(new BasicStroke(1.5f));
    }
    return this;
  }

  void write(Path file) throws IOException {
    chart.getStyler().setLegendVisible(chart.getSeriesMap().size() > 1);
    BitmapEncoder.saveBitmap(chart, file.toString(), BitmapFormat.PNG);
  }
}
