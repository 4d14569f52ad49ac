// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.util.AccumulatorV2;

/**
 * The first texts of all that tasks add, so that the driver's memory does not depend on their
 * number. Thread-safe.
 */
final class TextSamples extends AccumulatorV2<String, List<String>> {
  static final int MOST = 20;
  private static final long serialVersionUID = 1L;

  private final ArrayList<String> texts = new ArrayList<>();

  @Override
  public synchronized boolean isZero() {
    return texts.isEmpty();
  }

  @Override
  public synchronized AccumulatorV2<String, List<String>> copy() {
    TextSamples copy = new TextSamples();
    copy.texts.addAll(texts);
    return copy;
  }

  @Override
  public synchronized void reset() {
    texts.clear();
  }

  @Override
  public synchronized void add(String text) {
    if (texts.size() < MOST) {
      texts.add(text);
    }
  }

  @Override
  public void merge(AccumulatorV2<String, List<String>> other) {
    other.value().forEach(this::add);
  }

  @Override
  public synchronized List<String> value() {
    return List.copyOf(texts);
  }
}
