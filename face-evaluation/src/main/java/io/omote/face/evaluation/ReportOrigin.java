// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The origin of a report: the program, the time and what was evaluated. Immutable and thread-safe.
 *
 * @param version the version of Omote
 * @param time when the evaluation began, in UTC, such as {@code 2026-11-30T17:20:00Z}
 * @param command the command line that repeats it, null if there is none
 * @param model the name of the model for people, null for the id alone
 */
public record ReportOrigin(
    String version, String time, @Nullable String command, @Nullable String model) {

  /**
   * Returns an origin with the version of this library and the current time.
   *
   * @param clock the clock
   * @return the origin, without a command and a model
   */
  public static ReportOrigin now(Clock clock) {
    return new ReportOrigin(
        versionOfThisLibrary(),
        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
        null,
        null);
  }

  private static String versionOfThisLibrary() {
    return Optional.ofNullable(ReportOrigin.class.getPackage().getImplementationVersion())
        .or(
            () ->
                Optional.ofNullable(ReportOrigin.class.getModule().getDescriptor())
                    .flatMap(module -> module.rawVersion()))
        .orElse("built from sources");
  }

  /**
   * Sets the command line that repeats the evaluation. It is shown as it is: it must not have
   * passwords.
   *
   * @param line the command line
   * @return a copy with this change
   */
  public ReportOrigin withCommand(String line) {
    return new ReportOrigin(version, time, line, model);
  }

  /**
   * Sets the name of the model for people, such as {@code lite (fr_feature:87aacdfe5751)}.
   *
   * @param name the name
   * @return a copy with this change
   */
  public ReportOrigin withModel(String name) {
    return new ReportOrigin(version, time, command, name);
  }

  /** Returns the name of a model for people. */
  String model(String modelId) {
    return model == null ? modelId : model;
  }

  /** Returns the time as people read it, such as {@code 2026-11-30 17:20 UTC}. */
  String readableTime() {
    return time.replaceFirst("T(\\d+:\\d+).*", " $1 UTC");
  }
}
