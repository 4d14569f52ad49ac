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
 * Where packs are kept and how they are fetched. Immutable and thread-safe.
 *
 * @param directory the folder that has one folder a pack, empty where nothing says where
 * @param insightFace InsightFace's folder of the same layout, only read, empty where nothing says
 *     where
 * @param mirror what is asked in the place of all sources
 * @param offline whether no socket may be opened
 * @param limits time limits
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
      "a mirror as an http or https address without a query or a fragment, as in"
          + " https://models.example.org/omote";

  /** A text, and who says it: a system property or an environment variable. */
  record Value(String origin, String text) {}

  /** What the builder was given, system properties, environment: the first that says something. */
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

    /** {@code omote.models.offline} is {@code OMOTE_MODELS_OFFLINE}. */
    private static String variable(String property) {
      return property.toUpperCase(Locale.ROOT).replace('.', '_');
    }
  }

  static Settings resolve(ModelStore.Builder builder, Sources sources) {
    String system =
        sources.property("os.name").map(Value::text).orElse("").toLowerCase(Locale.ROOT);
    // Java says "?" where the user has no home, as one without an entry in passwd.
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

  /** The folder of packs, for those who cannot do without. */
  Path requiredDirectory() {
    return directory.orElseThrow(
        () ->
            new ModelException(
                String.format(
                    Locale.ROOT,
                    "expected a folder to keep packs in, found none: neither the system property"
                        + " user.home nor the environment variable HOME (on Windows USERPROFILE)"
                        + " is an absolute path. Set -D%s=..., OMOTE_MODELS_DIRECTORY or HOME, or"
                        + " name one by ModelStore.builder().directory(...)",
                    DIRECTORY)));
  }

  private static ModelException meaningless(String expected, Value value, String found) {
    return new ModelException(
        String.format(
            Locale.ROOT,
            "expected %s in %s, found %s: correct it, or remove it",
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
      throw meaningless(
          "the path of a folder",
          value,
          String.format(Locale.ROOT, "%s (%s)", quoted(value), e.getReason()));
    }
  }

  /** What others set and is no absolute path does not count; XDG's specification says so, too. */
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
      default -> throw meaningless("true or false", value, quoted(value));
    };
  }

  /** What it holds is never told, also not by a cause: it may be a password. */
  private static URI parseMirror(Value value) {
    try {
      return checkedMirror(new URI(value.text()));
    } catch (URISyntaxException e) {
      throw meaningless(
          MIRROR_FORM,
          value,
          String.format(
              Locale.ROOT, "no address (%s at character %d)", e.getReason(), e.getIndex() + 1));
    } catch (IllegalArgumentException e) {
      throw meaningless(MIRROR_FORM, value, "another kind of address");
    }
  }

  private static URI checkedMirror(URI mirror) {
    boolean web = "https".equals(mirror.getScheme()) || "http".equals(mirror.getScheme());
    if (!web
        || mirror.getHost() == null
        || mirror.getRawQuery() != null
        || mirror.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "expected " + MIRROR_FORM + ", found another kind of address");
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
