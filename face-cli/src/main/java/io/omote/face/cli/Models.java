// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.omote.face.models.AnalyzerPack;
import io.omote.face.models.FetchProgress;
import io.omote.face.models.FileStatus;
import io.omote.face.models.LicenseNotAcceptedException;
import io.omote.face.models.ModelLicense;
import io.omote.face.models.ModelPack;
import io.omote.face.models.ModelZoo;
import io.omote.face.models.Pack;
import io.omote.face.models.PackFile;
import io.omote.face.models.PackFile.Purpose;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Lists, fetches, verifies and deletes packs of models. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    description = "Lists, fetches, verifies and deletes packs of models.")
final class Models implements Runnable {
  private static final Gson JSON = new GsonBuilder().serializeNulls().create();

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is missing, one of "
            + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }

  /** The names of packs, which complete arguments. */
  static final class PackNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    PackNames() {
      super(PackByName.names(ModelZoo.list()));
    }
  }

  /** Converts the name of a pack to the pack. */
  static final class PackByName implements ITypeConverter<Pack> {
    @Override
    public Pack convert(String name) {
      List<Pack> packs = ModelZoo.list();
      return packs.stream()
          .filter(pack -> pack.name().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      String.format(
                          Locale.ROOT,
                          "expected the name of a pack, one of %s, found '%s'%s",
                          String.join(", ", names(packs)),
                          name,
                          Spelling.suggestion(name, names(packs)))));
    }

    private static List<String> names(List<Pack> packs) {
      return packs.stream().map(Pack::name).toList();
    }
  }

  @Command(
      name = "list",
      description = "Lists all packs with their licenses and whether they were fetched.")
  int list(
      @Option(names = "--json", description = "print JSON Lines, one object per pack")
          boolean json) {
    if (json) {
      ModelZoo.list().forEach(pack -> print(ListLine.of(pack)));
      return 0;
    }
    String row = "%-12s %9s  %-8s %-10s  %s%s%n";
    out().printf(Locale.ROOT, row, "pack", "size", "fetched", "commercial", "license, folder", "");
    for (Pack pack : ModelZoo.list()) {
      ModelLicense license = pack.license();
      out()
          .printf(
              Locale.ROOT,
              row,
              pack.name(),
              megabytes(pack),
              isBundled(pack) ? "bundled" : isFetched(pack) ? "yes" : "no",
              license.commercialUse() ? "yes" : "no",
              license.name(),
              isFetched(pack) ? ", " + pack.directory() : "");
    }
    out()
        .println(
            "The size of a pack that compares faces counts only the files that comparing needs.");
    out().flush();
    return 0;
  }

  @Command(name = "fetch", description = "Fetches the missing files of a pack and verifies them.")
  int fetch(
      @Parameters(
              paramLabel = "NAME",
              converter = PackByName.class,
              completionCandidates = PackNames.class,
              description = "the pack")
          Pack pack,
      @Option(
              names = "--accept-license",
              description = "confirms that you read the license of the weights and may use them")
          boolean accept,
      @Option(
              names = "--all",
              description = "fetch all files, not only those that comparing faces needs")
          boolean all) {
    Pack accepted = accept ? pack.acceptLicense() : pack;
    if (!accepted.isLicenseAccepted()) {
      throw notAccepted(pack);
    }
    Pack wanted = all && accepted instanceof ModelPack models ? models.withAllFiles() : accepted;
    try (FetchBar bar = new FetchBar(System.err)) {
      Consumer<FetchProgress> shown = Progress.isShown() ? bar : progress -> {};
      if (wanted instanceof ModelPack models) {
        models.fetch(shown);
      } else if (wanted instanceof AnalyzerPack<?> analyzer) {
        analyzer.fetch(shown);
      }
    }
    if (isBundled(pack)) {
      out().printf(Locale.ROOT, "%s is part of the library%n", pack.name());
    } else {
      out().printf(Locale.ROOT, "%s was fetched to %s%n", pack.name(), wanted.directory());
    }
    out().flush();
    return 0;
  }

  @Command(
      name = "verify",
      description = "Reads and hashes the files of fetched packs.",
      exitCodeListHeading = "Exit codes:%n",
      exitCodeList = {
        "0:all needed files are as published, and no file is damaged",
        "1:a file is damaged, or a needed file is missing",
        "2:invalid options"
      })
  int verify(
      @Parameters(
              arity = "1..*",
              paramLabel = "NAME",
              converter = PackByName.class,
              completionCandidates = PackNames.class,
              description = "the packs")
          List<Pack> packs,
      @Option(names = "--json", description = "print JSON Lines, one object per file")
          boolean json) {
    boolean good = true;
    for (Pack pack : packs) {
      for (FileStatus status : pack.verify()) {
        String state = status.state().name().toLowerCase(Locale.ROOT);
        String path = status.path().map(Path::toString).orElse(null);
        if (json) {
          print(new FileLine(pack.name(), status.file().name(), state, path));
        } else {
          String where = path == null ? "" : ", " + path;
          out()
              .printf(
                  Locale.ROOT, "%s %s: %s%s%n", pack.name(), status.file().name(), state, where);
        }
        good &= isGood(pack, status);
      }
    }
    out().flush();
    return good ? 0 : 1;
  }

  /** A line of {@code list} with its keys in this order. Sizes are in bytes. */
  private record ListLine(
      String pack,
      String description,
      long size,
      boolean bundled,
      boolean available,
      @Nullable String folder,
      String license,
      String licenseUrl,
      boolean commercialUse,
      boolean licenseAccepted) {
    static ListLine of(Pack pack) {
      return new ListLine(
          pack.name(),
          pack.description(),
          bytes(pack),
          isBundled(pack),
          pack.isAvailable(),
          isFetched(pack) ? pack.directory().toString() : null,
          pack.license().name(),
          pack.license().url().toString(),
          pack.license().commercialUse(),
          pack.isLicenseAccepted());
    }
  }

  /** A line of {@code verify} with its keys in this order. */
  private record FileLine(String pack, String file, String state, @Nullable String path) {}

  private void print(Record line) {
    out().println(Answers.line(JSON.toJsonTree(line).getAsJsonObject()));
    out().flush();
  }

  @Command(name = "delete", description = "Deletes the files of packs from the store.")
  int delete(
      @Parameters(
              arity = "1..*",
              paramLabel = "NAME",
              converter = PackByName.class,
              completionCandidates = PackNames.class,
              description = "the packs")
          List<Pack> packs) {
    for (Pack pack : packs) {
      boolean isKept = Files.exists(pack.directory());
      pack.delete();
      if (isBundled(pack)) {
        out().printf(Locale.ROOT, "%s is part of the library: nothing to delete%n", pack.name());
      } else if (pack.isAvailable()) {
        out()
            .printf(
                Locale.ROOT,
                "%s stays in %s, which does not belong to the store%n",
                pack.name(),
                pack.directory());
      } else if (!isKept) {
        out().printf(Locale.ROOT, "%s was not fetched: nothing to delete%n", pack.name());
      } else {
        out().printf(Locale.ROOT, "%s was deleted%n", pack.name());
      }
    }
    out().flush();
    return 0;
  }

  static LicenseNotAcceptedException notAccepted(Pack pack) {
    return new LicenseNotAcceptedException(
        String.format(
            Locale.ROOT, "the license of %s was not accepted: %s", pack.name(), howToFetch(pack)));
  }

  /** Returns the advice on how to fetch a pack. */
  static String howToFetch(Pack pack) {
    String command = "omote models fetch " + pack.name();
    ModelLicense license = pack.license();
    return license.commercialUse()
        ? "fetch it with " + command
        : String.format(
            Locale.ROOT,
            "read '%s' (%s) and, if it allows your use, run %s --accept-license",
            license.name(),
            license.url(),
            command);
  }

  private static boolean isGood(Pack pack, FileStatus status) {
    return switch (status.state()) {
      case BUNDLED, VERIFIED -> true;
      case MISSING -> !isNeeded(pack, status.file());
      case DAMAGED -> false;
    };
  }

  /** Returns whether a file is needed; comparing faces does not need all files of a pack. */
  private static boolean isNeeded(Pack pack, PackFile file) {
    return pack instanceof AnalyzerPack<?>
        || file.purpose() == Purpose.DETECTION
        || file.purpose() == Purpose.RECOGNITION;
  }

  private static boolean isFetched(Pack pack) {
    return !isBundled(pack) && pack.isAvailable();
  }

  private static boolean isBundled(Pack pack) {
    return pack.files().stream().allMatch(PackFile::bundled);
  }

  private static String megabytes(Pack pack) {
    return String.format(Locale.ROOT, "%.1f MB", bytes(pack) / 1e6);
  }

  private static long bytes(Pack pack) {
    return pack.files().stream()
        .filter(file -> isNeeded(pack, file))
        .mapToLong(PackFile::size)
        .sum();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
