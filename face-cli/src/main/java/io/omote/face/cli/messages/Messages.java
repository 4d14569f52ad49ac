// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.messages;

import io.omote.face.cli.models.ModelNames;
import io.omote.face.internal.files.FileFailure;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Messages of the library as users of the command read them: model ids have the names of their
 * packs, advice names options of the command instead of methods, and failures of files are in words
 * instead of names of exceptions. Stateless and thread-safe.
 */
public final class Messages {
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\x80-\\x9f]");

  private Messages() {}

  /**
   * Returns the message of an exception for users of a command.
   *
   * @param failure the exception, which has a message
   * @param command the command
   * @return the message
   */
  public static String of(Throwable failure, CommandSpec command) {
    return of(failure, option -> command.findOption(option) != null);
  }

  /**
   * Returns the message of an exception for users without options, such as those of the web page.
   *
   * @param failure the exception, which has a message
   * @return the message
   */
  public static String of(Throwable failure) {
    return of(failure, option -> false);
  }

  /**
   * Returns a text as one line for a terminal. Names of files and people may have line breaks, and
   * sequences that terminals obey.
   *
   * @param text the text
   * @return the text, with a question mark for each control character
   */
  public static String line(String text) {
    return CONTROL.matcher(text).replaceAll("?");
  }

  private static String of(Throwable failure, Predicate<String> hasOption) {
    String text = Objects.requireNonNull(failure.getMessage());
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      text = text.replace(cause.toString(), FileFailure.reason(cause));
      if (cause instanceof IOException) {
        text = text.replace("(" + cause.getMessage() + ")", "(" + FileFailure.reason(cause) + ")");
      }
    }
    for (Advice advice : Advice.ALL) {
      text = advice.in(text, hasOption);
    }
    return ModelNames.inText(text);
  }
}
