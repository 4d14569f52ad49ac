// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.cli.models.ModelNames;
import picocli.CommandLine.Model.CommandSpec;

final class Messages {
  private Messages() {}

  static String of(Throwable failure, CommandSpec command) {
    return ModelNames.inText(failure.getMessage());
  }
}
