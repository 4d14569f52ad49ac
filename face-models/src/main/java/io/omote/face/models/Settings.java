// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.ModelException;
import io.omote.face.internal.http.HttpLimits;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a store. Immutable and thread-safe.
 *
 * @param directory the folder with one subfolder per pack, empty if none is known
 * @param insightFace InsightFace's folder of the same layout, which is only read, empty if none is
 *     known
 * @param mirror the server to use instead of all sources, empty for the sources
 * @param offline whether no socket may be opened
 * @param limits the time limits
 */
record Settings(
    Optional<Path> directory,
    Optional<Path> insightFace,
    Optional<URI> mirror,
    boolean offline,
    HttpLimits limits) {
  static final String DIRECTORY = "omote.models.directory";
  static final String MIRROR = "omote.models.mirror";
  static final String OFFLINE = "omote.models.offline";
  static final String ACCEPT_LICENSE = "omote.models.acceptLicense";

  private static final String MIRROR_FORM =
      "an http or https address without query or fragment, such as"
          + " https://models.example.org/omote,";

  /** The value of a setting, and its origin: a system property or an environment variable. */
  record Value(String origin, String text) {}

  /** The system properties and the environment; a property takes precedence. */
  record Sources(
      UnaryOperator<@Nullable String> properties, UnaryOperator<@Nullable String> environment) {
    static final Sources PROCESS = new Sources(System::getProperty, System::getenv);

    Optional<Value> find(String property) {
      return property(property).or(() -> environment(variable(property)));
    }

    Optional<Value> property(String property) {
      return value("the system property " + property, properties.apply(property));
    }

    Optional<Value> environment(String variable) {
      return value("the environment variable " + variable, environment.apply(variable));
    }

    private static Optional<Value> value(String origin, @Nullable String text) {
      return Optional.ofNullable(text).filter(s -> !s.isBlank()).map(s -> new Value(origin, s));
    }

    /** Converts {@code omote.models.offline} to {@code OMOTE_MODELS_OFFLINE}. */
    private static String variable(String property) {
      return property.toUpperCase(Locale.ROOT).replace('.', '_');
    }
  }

  static Settings resolve(ModelStore.Builder builder, Sources sources) {
    String system =
        sources.property("os.name").map(Value::text).orElse("").toLowerCase(Locale.ROOT);
    // The property is "?" if the user has no home, for example without an entry in passwd.
    Optional<Path> home =
        absolute(sources.property("user.home"))
            .or(
                () ->
                    absolute(
                        sources.environment(system.contains("windows") ? "USERPROFILE" : "HOME")));
    Optional<Path> directory =
        Optional.ofNullable(builder.directory)
            .or(() -> sources.find(DIRECTORY).map(Settings::parsePath))
            .or(() -> cacheDirectory(system, home, sources));
    Optional<Path> insightFace =
        Optional.ofNullable(builder.insightFace)
            .or(() -> home.map(path -> path.resolve(".insightface").resolve("models")));
    Optional<URI> mirror =
        builder.mirror != null
            ? Optional.of(checkedMirror(builder.mirror))
            : sources.find(MIRROR).map(Settings::parseMirror);
    boolean offline =
        builder.offline != null
            ? builder.offline
            : sources.find(OFFLINE).map(Settings::parseBoolean).orElse(false);
    return new Settings(
        directory.map(path -> path.toAbsolutePath().normalize()),
        insightFace,
        mirror,
        offline,
        builder.limits);
  }

  /** Returns the folder, for callers that need one. */
  Path requiredDirectory() {
    return directory.orElseThrow(
        () ->
            new ModelException(
                String.format(
                    Locale.ROOT,
                    "there is no folder for packs: neither the system property user.home nor the"
                        + " environment variable HOME (USERPROFILE on Windows) is an absolute path."
                        + " Set -D%s=..., OMOTE_MODELS_DIRECTORY or HOME, or call"
                        + " ModelStore.builder().directory(...)",
                    DIRECTORY)));
  }

  private static ModelException invalid(String expected, Value value, String found) {
    return new ModelException(
        String.format(
            Locale.ROOT,
            "expected %s in %s, found %s: correct or remove it",
            expected,
            value.origin(),
            found));
  }

  private static String quoted(Value value) {
    return "'" + value.text().replaceAll("\\p{Cntrl}", "?") + "'";
  }

  private static Path parsePath(Value value) {
    try {
      return Path.of(value.text());
    } catch (InvalidPathException e) {
      throw invalid(
          "the path of a folder",
          value,
          String.format(Locale.ROOT, "%s (%s)", quoted(value), e.getReason()));
    }
  }

  /** Ignores a path that is not absolute, as the XDG specification demands. */
  private static Optional<Path> absolute(Optional<Value> value) {
    try {
      return value.map(found -> Path.of(found.text())).filter(Path::isAbsolute);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static boolean parseBoolean(Value value) {
    return switch (value.text().trim().toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes" -> true;
      case "false", "0", "no" -> false;
      default -> throw invalid("true or false", value, quoted(value));
    };
  }

  /** Parses the mirror. Errors and their causes never show the value, which may hold a password. */
  private static URI parseMirror(Value value) {
    try {
      return checkedMirror(new URI(value.text()));
    } catch (URISyntaxException e) {
      throw invalid(
          MIRROR_FORM,
          value,
          String.format(
              Locale.ROOT, "an invalid one (%s at character %d)", e.getReason(), e.getIndex() + 1));
    } catch (IllegalArgumentException e) {
      throw invalid(MIRROR_FORM, value, "another kind of address");
    }
  }

  private static URI checkedMirror(URI mirror) {
    boolean web = "https".equals(mirror.getScheme()) || "http".equals(mirror.getScheme());
    if (!web
        || mirror.getHost() == null
        || mirror.getRawQuery() != null
        || mirror.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "expected " + MIRROR_FORM + " as the mirror, found another kind of address");
    }
    String text = mirror.toString();
    return text.endsWith("/") ? mirror : URI.create(text + "/");
  }

  private static Optional<Path> cacheDirectory(
      String system, Optional<Path> home, Sources sources) {
    Optional<Path> caches;
    if (system.contains("windows")) {
      caches =
          absolute(sources.environment("LOCALAPPDATA"))
              .or(() -> home.map(path -> path.resolve("AppData").resolve("Local")));
    } else if (system.contains("mac")) {
      caches = home.map(path -> path.resolve("Library").resolve("Caches"));
    } else {
      caches =
          absolute(sources.environment("XDG_CACHE_HOME"))
              .or(() -> home.map(path -> path.resolve(".cache")));
    }
    return caches.map(path -> path.resolve("omote").resolve("models"));
  }
}
