// SPDX-License-Identifier: Apache-2.0
package io.omote.face.opencv;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.internal.image.NativeDecoder;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The module has no API, and offers the same decoder on the module path and the class path. */
class ModuleTest {
  private static final Path CLASSES = Path.of("target/classes");

  @Test
  void decoder_isAllThatItOffers() throws IOException {
    ModuleDescriptor module =
        ModuleFinder.of(CLASSES).find("io.omote.face.opencv").orElseThrow().descriptor();
    assertThat(module.exports()).isEmpty();
    assertThat(module.opens()).isEmpty();
    assertThat(module.isOpen()).isFalse();
    assertThat(module.provides()).hasSize(1);
    ModuleDescriptor.Provides service = module.provides().iterator().next();
    assertThat(service.service()).isEqualTo(NativeDecoder.class.getName());
    assertThat(service.providers()).containsExactly(OpenCvDecoder.class.getName());
    List<String> registered =
        Files.readAllLines(CLASSES.resolve("META-INF/services").resolve(service.service()));
    assertThat(registered).isEqualTo(service.providers());
  }
}
