// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceMatcher;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version of the jar and of its platform. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version =
        Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
            .or(
                () ->
                    Optional.ofNullable(FaceMatcher.class.getPackage().getImplementationVersion()))
            .orElse("built from sources");
    return new String[] {
      "omote " + version,
      String.format(
          Locale.ROOT,
          "Java %s (%s), %s %s",
          Runtime.version(),
          System.getProperty("java.vendor"),
          System.getProperty("os.name"),
          System.getProperty("os.arch"))
    };
  }
}
