// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.ModelException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();

  private Settings resolve(ModelStore.Builder builder) {
    return Settings.resolve(builder, new Settings.Sources(properties::get, environment::get));
  }

  @Test
  void resolve_builderThenPropertyThenEnvironment() {
    environment.put("OMOTE_MODELS_DIRECTORY", "/environment");
    environment.put("OMOTE_MODELS_MIRROR", "https://environment.example.org");
    environment.put("OMOTE_MODELS_OFFLINE", "1");
    Settings fromEnvironment = resolve(ModelStore.builder());
    assertThat(fromEnvironment.directory()).contains(Path.of("/environment"));
    assertThat(fromEnvironment.mirror()).contains(URI.create("https://environment.example.org/"));
    assertThat(fromEnvironment.offline()).isTrue();

    properties.put("omote.models.directory", "/property");
    properties.put("omote.models.mirror", "https://property.example.org/m");
    properties.put("omote.models.offline", "false");
    Settings fromProperties = resolve(ModelStore.builder());
    assertThat(fromProperties.directory()).contains(Path.of("/property"));
    assertThat(fromProperties.mirror()).contains(URI.create("https://property.example.org/m/"));
    assertThat(fromProperties.offline()).isFalse();

    Settings fromBuilder =
        resolve(
            ModelStore.builder()
                .directory(Path.of("/builder"))
                .mirror(URI.create("http://localhost:8080/"))
                .offline(true));
    assertThat(fromBuilder.directory()).contains(Path.of("/builder"));
    assertThat(fromBuilder.mirror()).contains(URI.create("http://localhost:8080/"));
    assertThat(fromBuilder.offline()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, , /home/me/.cache/omote/models",
    "Linux, /caches, /caches/omote/models",
    "Linux, relative, /home/me/.cache/omote/models",
    "Mac OS X, , /home/me/Library/Caches/omote/models",
    "Windows 11, , /home/me/AppData/Local/omote/models"
  })
  void resolve_nothingSet_takesThePlatformsCache(String system, String xdg, String expected) {
    properties.put("os.name", system);
    properties.put("user.home", "/home/me");
    environment.put("XDG_CACHE_HOME", xdg);

    Settings settings = resolve(ModelStore.builder());

    assertThat(settings.directory()).contains(Path.of(expected));
    assertThat(settings.insightFace()).contains(Path.of("/home/me/.insightface/models"));
    assertThat(settings.mirror()).isEmpty();
    assertThat(settings.offline()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "/local, , /local/omote/models",
    "local, , /home/me/AppData/Local/omote/models",
    ", ?, /home/me/AppData/Local/omote/models"
  })
  void resolve_windows_takesItsFolders(String local, String home, String expected) {
    properties.put("os.name", "Windows Server 2022");
    properties.put("user.home", home);
    environment.put("LOCALAPPDATA", local);
    environment.put("USERPROFILE", "/home/me");
    environment.put("HOME", "/home/other");

    assertThat(resolve(ModelStore.builder()).directory()).contains(Path.of(expected));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"?", "", ".", "home/me"})
  void resolve_userWithoutHome_takesThatOfTheEnvironment(String home) {
    properties.put("os.name", "Linux");
    properties.put("user.home", home);
    environment.put("HOME", "/home/me");

    Settings settings = resolve(ModelStore.builder());

    assertThat(settings.directory()).contains(Path.of("/home/me/.cache/omote/models"));
    assertThat(settings.insightFace()).contains(Path.of("/home/me/.insightface/models"));
  }

  @Test
  void resolve_homeThatIsNoPath_takesThatOfTheEnvironment() {
    properties.put("os.name", "Linux");
    properties.put("user.home", "/home/\0me");
    environment.put("HOME", "/home/me");

    assertThat(resolve(ModelStore.builder()).directory())
        .contains(Path.of("/home/me/.cache/omote/models"));
  }

  @ParameterizedTest
  @CsvSource({"Linux, ", "Linux, ?", "Linux, home/me", "Mac OS X, ", "Windows 11, "})
  void resolve_noHomeAtAll_saysWhatToSetWhereAFolderIsNeeded(String system, String home) {
    properties.put("os.name", system);
    properties.put("user.home", "?");
    environment.put("HOME", home);

    Settings settings = resolve(ModelStore.builder());

    assertThat(settings.directory()).isEmpty();
    assertThat(settings.insightFace()).isEmpty();
    assertThatThrownBy(settings::requiredDirectory)
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("-Domote.models.directory=")
        .hasMessageContaining("OMOTE_MODELS_DIRECTORY or HOME")
        .hasMessageContaining("ModelStore.builder().directory(...)");
  }

  @Test
  void resolve_noHomeButAFolder_takesIt() {
    properties.put("user.home", "?");
    environment.put("OMOTE_MODELS_DIRECTORY", "/models");

    assertThat(resolve(ModelStore.builder()).requiredDirectory()).isEqualTo(Path.of("/models"));
  }

  private void assertRefused(String property, String value, String... parts) {
    properties.put(property, value);
    assertRefusedAs("the system property " + property, parts);
    properties.clear();

    String variable = property.toUpperCase(Locale.ROOT).replace('.', '_');
    environment.put(variable, value);
    assertRefusedAs("the environment variable " + variable, parts);
    environment.clear();
  }

  private void assertRefusedAs(String origin, String... parts) {
    assertThatThrownBy(() -> resolve(ModelStore.builder()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("in " + origin + ", found ")
        .hasMessageContainingAll(parts)
        .hasMessageEndingWith(": correct or remove it");
  }

  @Test
  void resolve_invalid_isRefusedWithItsOrigin() {
    assertRefused("omote.models.offline", "maybe", "expected true or false", "found 'maybe'");
    assertRefused("omote.models.directory", "/a\0b", "expected the path of a folder", "'/a?b'");
    for (String mirror :
        List.of(
            "https://me:secret@[x/",
            "ftp://me:secret@models.example.org/",
            "me:secret",
            "https://models.example.org/?key=secret",
            "https://models.example.org/#secret",
            "https:///secret")) {
      assertRefused(
          "omote.models.mirror",
          mirror,
          "expected an http or https address without query or fragment");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://me:secret@[x/", "ftp://me:secret@models.example.org/"})
  void resolve_invalidMirror_hidesItsPassword(String mirror) {
    properties.put("omote.models.mirror", mirror);

    assertThatThrownBy(() -> resolve(ModelStore.builder()))
        .isInstanceOf(ModelException.class)
        .satisfies(
            e -> {
              StringWriter text = new StringWriter();
              e.printStackTrace(new PrintWriter(text));
              assertThat(text.toString()).doesNotContain("secret");
            });
  }

  @Test
  void resolve_invalidMirrorOfTheBuilder_isAnIllegalArgument() {
    assertThatThrownBy(
            () -> resolve(ModelStore.builder().mirror(URI.create("file:///me:secret@mirror"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected an http or https address without query or fragment")
        .hasMessageNotContaining("secret");
  }
}
