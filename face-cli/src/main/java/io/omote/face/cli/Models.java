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
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
final class Models {
  private static final Gson JSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  @Spec private CommandSpec spec;

  /** Finds a pack by the name that was given. */
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
                          "expected the name of a pack, one of %s, found '%s'",
                          packs.stream().map(Pack::name).toList(),
                          name)));
    }
  }

  @Command(
      name = "list",
      description = "Shows all packs, their licenses, and whether they are here.")
  int list(
      @Option(names = "--json", description = "print JSON Lines, one object for each pack")
          boolean json) {
    if (json) {
      ModelZoo.list().forEach(pack -> print(ListLine.of(pack)));
      return 0;
    }
    String row = "%-12s %9s  %-8s %-10s  %s%n";
    out().printf(Locale.ROOT, row, "pack", "size", "here", "commercial", "license");
    for (Pack pack : ModelZoo.list()) {
      ModelLicense license = pack.license();
      out()
          .printf(
              Locale.ROOT,
              row,
              pack.name(),
              megabytes(pack),
              isBundled(pack) ? "bundled" : pack.isAvailable() ? "yes" : "no",
              license.commercialUse() ? "yes" : "no",
              license.name());
    }
    out().println("Of packs that compare faces, the size is that of the files which that needs.");
    out().flush();
    return 0;
  }

  @Command(name = "fetch", description = "Fetches what is missing of a pack and verifies it.")
  int fetch(
      @Parameters(paramLabel = "NAME", converter = PackByName.class, description = "the pack")
          Pack pack,
      @Option(
              names = "--accept-license",
              description = "you read the license of the weights and may use them under it")
          boolean accept,
      @Option(names = "--all", description = "also the files that comparing faces does not need")
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
      out().printf(Locale.ROOT, "%s is here: %s%n", pack.name(), wanted.directory());
    }
    out().flush();
    return 0;
  }

  @Command(
      name = "verify",
      description = "Reads and hashes the files of packs that are here.",
      exitCodeListHeading = "Exit codes:%n",
      exitCodeList = {
        "0:all files that the pack is for are as published, and none is damaged",
        "1:a file is damaged, or one that is needed is missing",
        "2:wrong options"
      })
  int verify(
      @Parameters(
              arity = "1..*",
              paramLabel = "NAME",
              converter = PackByName.class,
              description = "the packs")
          List<Pack> packs,
      @Option(names = "--json", description = "print JSON Lines, one object for each file")
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

  /** A line of {@code list}; the parts in this order are its form. Sizes are in bytes. */
  private record ListLine(
      String name,
      String description,
      long size,
      boolean bundled,
      boolean available,
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
          pack.license().name(),
          pack.license().url().toString(),
          pack.license().commercialUse(),
          pack.isLicenseAccepted());
    }
  }

  /** A line of {@code verify}; the parts in this order are its form. */
  private record FileLine(String pack, String file, String state, @Nullable String path) {}

  private void print(Record line) {
    out().println(JSON.toJson(line));
    out().flush();
  }

  @Command(name = "delete", description = "Deletes the files of packs from the store.")
  int delete(
      @Parameters(
              arity = "1..*",
              paramLabel = "NAME",
              converter = PackByName.class,
              description = "the packs")
          List<Pack> packs) {
    for (Pack pack : packs) {
      pack.delete();
      if (isBundled(pack)) {
        out().printf(Locale.ROOT, "%s is part of the library: nothing to delete%n", pack.name());
      } else if (pack.isAvailable()) {
        out()
            .printf(
                Locale.ROOT,
                "%s stays in %s, which is not the store's%n",
                pack.name(),
                pack.directory());
      } else {
        out().printf(Locale.ROOT, "%s is deleted%n", pack.name());
      }
    }
    out().flush();
    return 0;
  }

  static LicenseNotAcceptedException notAccepted(Pack pack) {
    return new LicenseNotAcceptedException(
        String.format(
            Locale.ROOT,
            "expected that the license of %s was accepted, found that it was not: %s",
            pack.name(),
            howToFetch(pack)));
  }

  /** What to do where a pack is wanted that was not fetched. */
  static String howToFetch(Pack pack) {
    String command = "omote models fetch " + pack.name();
    ModelLicense license = pack.license();
    return license.commercialUse()
        ? "fetch it by " + command
        : String.format(
            Locale.ROOT,
            "read '%s' (%s), and if you may use the weights under it, run %s --accept-license",
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

  /** Of packs that compare faces, what that needs; of others all. */
  private static boolean isNeeded(Pack pack, PackFile file) {
    return pack instanceof AnalyzerPack<?>
        || file.purpose() == Purpose.DETECTION
        || file.purpose() == Purpose.RECOGNITION;
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

  public static void main(String[] args) {
    Commands.main(new Models(), args);
  }
}
