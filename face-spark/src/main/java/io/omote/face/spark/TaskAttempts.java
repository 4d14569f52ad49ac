// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkContext;

/** The number of attempts of Spark at a task. Stateless and thread-safe. */
final class TaskAttempts {
  /** Spark's default of {@code spark.task.maxFailures}. */
  private static final int DEFAULT = 4;

  /** A master in this JVM, with the number of attempts after the comma. */
  private static final Pattern LOCAL =
      Pattern.compile("local(?:\\[\\s*(?:\\d+|\\*)\\s*(?:,\\s*(\\d+)\\s*)?])?");

  private TaskAttempts() {}

  /** Returns the number of attempts until Spark gives up a task and its job. */
  static int allowed(SparkContext context) {
    return allowed(context.master(), context.getConf().getInt("spark.task.maxFailures", DEFAULT));
  }

  static int allowed(String master, int maxFailures) {
    Matcher local = LOCAL.matcher(master);
    if (!local.matches()) {
      return maxFailures;
    }
    return local.group(1) == null ? 1 : Integer.parseInt(local.group(1));
  }
}
