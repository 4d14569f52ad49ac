// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.messages;

import java.util.function.Supplier;

/** Thrown before any work is done, for arguments that a command refuses. */
public final class OptionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message a sentence for people
   */
  public OptionException(String message) {
    super(message);
  }

  private OptionException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Uses the value of an option that the library checks.
   *
   * @param option the name of the option
   * @param use passes nothing but the value to the library
   * @param <T> the type of the result
   * @return the result
   * @throws OptionException if the library refuses the value
   */
  public static <T> T check(String option, Supplier<T> use) {
    try {
      return use.get();
    } catch (IllegalArgumentException e) {
      throw new OptionException(option + ": " + e.getMessage(), e);
    }
  }
}
