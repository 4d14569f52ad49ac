// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.models.ModelPack;
import io.omote.face.models.ModelZoo;
import io.omote.face.models.Pack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Model ids with the names of their packs. */
class ModelNamesTest {
  private static final String LITE = "fr_feature:87aacdfe5751";

  @Test
  void id_ofEachPack_hasItsName() {
    for (Pack pack : ModelZoo.list()) {
      if (pack instanceof ModelPack models && !models.modelId().equals(LITE)) {
        assertThat(ModelNames.of(models.modelId()))
            .containsPattern("\\b" + pack.name() + "\\b.* \\(" + models.modelId() + "\\)$");
      }
    }
  }

  @Test
  void id_ofSeveralPacks_namesAll() {
    String shared = ModelZoo.buffaloL().modelId();
    assertThat(ModelNames.of(shared)).isEqualTo("buffalo_l or buffalo_m (" + shared + ")");
  }

  /** The pack lite-fast has the recognizer of the default pack. */
  @Test
  void id_ofTheDefaultPack_hasOnlyItsName() {
    assertThat(ModelZoo.packsOf(LITE)).containsExactly("lite", "lite-fast");
    assertThat(ModelNames.of(LITE)).isEqualTo("lite (" + LITE + ")");
    assertThat(ModelNames.of("fr_detect:6c0256ccd316"))
        .isEqualTo("lite-fast (fr_detect:6c0256ccd316)");
  }

  @ParameterizedTest
  @CsvSource({
    "expected LITE; found mine:012345678901, expected NAMED; found mine:012345678901",
    "NAMED twice: LITE, NAMED twice: NAMED",
    "the model (LITE), the model (NAMED)",
    "my_LITE and LITE0 and fr_feature:87aacdfe5752, my_LITE and LITE0 and fr_feature:87aacdfe5752",
    "lite/LITE by LITE, lite/LITE by NAMED",
    "C:\\models:$1 \\ LITE$, C:\\models:$1 \\ NAMED$"
  })
  void ids_inAText_haveTheirNames(String text, String named) {
    String name = "lite (" + LITE + ")";
    assertThat(ModelNames.inText(text.replace("NAMED", name).replace("LITE", LITE)))
        .isEqualTo(named.replace("NAMED", name).replace("LITE", LITE));
  }

  @Test
  void id_ofNoPack_isItself() {
    assertThat(ModelNames.of("mine")).isEqualTo("mine");
  }

  @Test
  void id_ofAnAnalyzer_hasItsPack() {
    assertThat(ModelNames.of("ediffiqa_tiny_jun2024:9426c899cc0f"))
        .isEqualTo("ediffiqa (ediffiqa_tiny_jun2024:9426c899cc0f)");
  }
}
