// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.ModelException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The property and the folder. Loading from the folder is tested in separate JVMs. */
class NativeFolderTest {
  @AfterEach
  void clear() {
    System.clearProperty(NativeFolder.PROPERTY);
  }

  @Test
  void get_isAbsolute_orEmpty() {
    assertThat(NativeFolder.get()).isEmpty();
    System.setProperty(NativeFolder.PROPERTY, " ");
    assertThat(NativeFolder.get()).isEmpty();
    System.setProperty(NativeFolder.PROPERTY, "na tives/");
    assertThat(NativeFolder.get()).contains(Path.of("na tives").toAbsolutePath());
  }

  /** As for a folder with a name outside ASCII in a container without a locale. */
  @Test
  void get_invalidPath_isRefused() {
    System.setProperty(NativeFolder.PROPERTY, "na\0tives");
    assertThatThrownBy(NativeFolder::get)
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("-Domote.native.path is not a valid path", "LC_ALL=C.UTF-8");
  }
}
