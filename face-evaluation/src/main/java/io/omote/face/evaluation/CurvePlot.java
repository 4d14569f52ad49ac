// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.description.ErrorRate;
import io.omote.face.internal.files.ImageFile;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A plot of curves of error rates in percent. Used by one thread. */
final class CurvePlot {
  private final XYChart chart;

  /** The lowest values drawn; lower ones are drawn here, rates of 0 included. */
  private final double leastX;

  private final double leastY;

  /** The length of 1 on the axis: 100 for rates in percent. */
  private final double unitX;

  private CurvePlot(XYChart chart, double leastX, double leastY, double unitX) {
    this.chart = chart;
    this.leastX = leastX;
    this.leastY = leastY;
    this.unitX = unitX;
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
    // The same digits everywhere, as in the text of the reports.
    chart.getStyler().setLocale(Locale.ROOT);
  }

  /**
   * Creates a plot of a detection error trade-off curve, with two logarithmic axes. A logarithmic
   * axis has no 0, so rates of 0 are drawn at half an error.
   *
   * @param trialsX the number of trials of the rate on the x axis
   * @param trialsY the number of trials of the rate on the y axis
   */
  static CurvePlot det(String title, String xAxis, long trialsX, String yAxis, long trialsY) {
    CurvePlot plot =
        new CurvePlot(chart(title, xAxis + ", %", yAxis), 0.5 / trialsX, 0.5 / trialsY, 100);
    plot.chart
        .getStyler()
        .setXAxisLogarithmic(true)
        .setXAxisMin(100 * plot.leastX)
        .setXAxisMax(100.0)
        .setYAxisLogarithmic(true)
        .setYAxisMin(100 * plot.leastY)
        .setYAxisMax(100.0);
    return plot;
  }

  static CurvePlot linear(String title, String xAxis, String yAxis) {
    CurvePlot plot = new CurvePlot(chart(title, xAxis + ", %", yAxis), 0, 0, 100);
    // Thirds of the axis would have labels of many digits.
    plot.chart.getStyler().setXAxisDecimalPattern("0.#").setYAxisDecimalPattern("0.####");
    return plot;
  }

  static CurvePlot overSimilarity(String title, String yAxis) {
    return new CurvePlot(chart(title, "similarity (cosine)", yAxis), -1, 0, 1);
  }

  private static XYChart chart(String title, String xAxis, String yAxis) {
    return new XYChartBuilder()
        .width(720)
        .height(540)
        .title(title)
        .xAxisTitle(xAxis)
        .yAxisTitle(yAxis + ", %")
        .build();
  }

  /** Adds a curve through points, whose coordinates are rates in [0, 1]. */
  <T> CurvePlot add(String name, List<T> points, ToDoubleFunction<T> x, ToDoubleFunction<T> y) {
    series(name, points.stream().mapToDouble(x).toArray(), points.stream().mapToDouble(y).toArray())
        .setMarker(SeriesMarkers.NONE)
        .setLineStyle(new BasicStroke(1.5f));
    return this;
  }

  /** Adds a vertical line from the x axis. */
  CurvePlot vertical(String name, double x, double height) {
    series(name, new double[] {x, x}, new double[] {0, height})
        .setMarker(SeriesMarkers.NONE)
        .setLineStyle(new BasicStroke(1.5f));
    return this;
  }

  private XYSeries series(String name, double[] xs, double[] ys) {
    double[] scaledXs = new double[xs.length];
    double[] scaledYs = new double[ys.length];
    for (int i = 0; i < xs.length; i++) {
      scaledXs[i] = unitX * Math.max(leastX, xs[i]);
      scaledYs[i] = 100 * Math.max(leastY, ys[i]);
    }
    return chart.addSeries(name, scaledXs, scaledYs);
  }

  /** Marks the equal error rate. */
  CurvePlot markEqualErrorRate(double rate) {
    String name = "equal error rate " + ReportPage.percent(rate);
    series(name, new double[] {rate}, new double[] {rate})
        .setMarker(SeriesMarkers.DIAMOND)
        .setMarkerColor(Color.RED)
        .setLineStyle(SeriesLines.NONE);
    return this;
  }

  /** Marks the rates of a threshold, with their bounds as a cross. */
  CurvePlot mark(String name, ErrorRate x, ErrorRate y) {
    series(name, new double[] {x.value()}, new double[] {y.value()})
        .setMarker(SeriesMarkers.CIRCLE)
        .setMarkerColor(Color.BLACK)
        .setLineStyle(SeriesLines.NONE);
    bounds("95 % bounds", new double[] {x.lower(), x.upper()}, new double[] {y.value(), y.value()});
    bounds(
        "95 % bounds, other rate",
        new double[] {x.value(), x.value()}, new double[] {y.lower(), y.upper()});
    chart.getSeriesMap().get("95 % bounds, other rate").setShowInLegend(false);
    return this;
  }

  private void bounds(String name, double[] xs, double[] ys) {
    series(name, xs, ys)
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(Color.GRAY)
        .setLineStyle(new BasicStroke(1));
  }

  /** Returns the plot as a PNG file. */
  byte[] png() {
    chart.getStyler().setLegendVisible(chart.getSeriesMap().size() > 1);
    return ImageFile.png(BitmapEncoder.getBufferedImage(chart));
  }
}
