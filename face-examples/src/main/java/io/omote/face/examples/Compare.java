// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.FaceMatch;
import io.omote.face.FaceMatcher;
import io.omote.face.evaluation.OperatingPointFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares the face of one picture with the faces of others. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = "Says whether pictures show the same person as a reference picture.")
final class Compare implements Callable<Integer> {
  @Mixin private final ModelOptions models = new ModelOptions();
  @Spec private CommandSpec spec;

  @ArgGroup private final Decision decision = new Decision();

  /** What decides, by default the threshold of the models. */
  static final class Decision {
    @Option(
        names = "--threshold",
        paramLabel = "COSINE",
        description = "similarity from which on two faces count as the same person")
    private Double threshold;

    @Option(
        names = "--operating-point",
        paramLabel = "FILE",
        description = "operating point that calibrate wrote for these models")
    private Path operatingPoint;
  }

  @Parameters(index = "0", paramLabel = "REFERENCE", description = "picture to compare with")
  private Path reference;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "PROBE", description = "other pictures")
  private List<Path> probes;

  @Override
  public Integer call() {
    FaceMatcher.Builder builder = FaceMatcher.builder(models.models());
    if (decision.threshold != null) {
      builder.threshold(decision.threshold);
    }
    if (decision.operatingPoint != null) {
      builder.operatingPoint(OperatingPointFile.read(decision.operatingPoint));
    }
    try (FaceMatcher matcher = builder.build()) {
      for (Path probe : probes) {
        FaceMatch match = matcher.compare(reference, probe);
        spec.commandLine()
            .getOut()
            .printf(
                Locale.ROOT,
                "%s and %s: similarity %.4f, threshold %.4f: %s%n",
                reference.getFileName(),
                probe.getFileName(),
                match.similarity(),
                match.threshold(),
                match.isSamePerson() ? "same person" : "different people");
      }
      spec.commandLine().getOut().flush();
    }
    return 0;
  }

  public static void main(String[] args) {
    Examples.main(new Compare(), args);
  }
}
