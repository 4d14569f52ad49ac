// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    assertThat(fromEnvironment.directory()).isEqualTo(Path.of("/environment"));
    assertThat(fromEnvironment.mirror()).contains(URI.create("https://environment.example.org/"));
    assertThat(fromEnvironment.offline()).isTrue();

    properties.put("omote.models.directory", "/property");
    properties.put("omote.models.mirror", "https://property.example.org/m");
    properties.put("omote.models.offline", "false");
    Settings fromProperties = resolve(ModelStore.builder());
    assertThat(fromProperties.directory()).isEqualTo(Path.of("/property"));
    assertThat(fromProperties.mirror()).contains(URI.create("https://property.example.org/m/"));
    assertThat(fromProperties.offline()).isFalse();

    Settings fromBuilder =
        resolve(
            ModelStore.builder()
                .directory(Path.of("/builder"))
                .mirror(URI.create("http://localhost:8080/"))
                .offline(true));
    assertThat(fromBuilder.directory()).isEqualTo(Path.of("/builder"));
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

    assertThat(settings.directory()).isEqualTo(Path.of(expected));
    assertThat(settings.insightFace()).isEqualTo(Path.of("/home/me/.insightface/models"));
    assertThat(settings.mirror()).isEmpty();
    assertThat(settings.offline()).isFalse();
  }

  @Test
  void resolve_windowsWithLocalAppData_takesIt() {
    properties.put("os.name", "Windows Server 2022");
    environment.put("LOCALAPPDATA", "/local");

    assertThat(resolve(ModelStore.builder()).directory()).isEqualTo(Path.of("/local/omote/models"));
  }

  @Test
  void resolve_meaningless_isRefused() {
    properties.put("omote.models.offline", "maybe");
    assertThatThrownBy(() -> resolve(ModelStore.builder()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("omote.models.offline, found 'maybe'");

    properties.put("omote.models.offline", "true");
    properties.put("omote.models.mirror", "file:///mirror");
    assertThatThrownBy(() -> resolve(ModelStore.builder()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a mirror as an http or https address");
  }
}
