// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.omote.face.ModelException;
import io.omote.face.SyntheticModels;
import io.omote.face.description.ModelFile;
import io.omote.face.internal.options.NetworkOptions;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Buffers of inputs return to the pool, no matter how a call ends. */
class ImageTranslatorTest {
  /** Fails in the step that a call names. */
  private static final class Failing extends ImageTranslator<String, String> {
    final List<FloatBuffer> filled = new ArrayList<>();

    @Override
    protected Shape shape(String step) {
      return new Shape(1, 3, 112, 112);
    }

    @Override
    protected void fill(String step, FloatBuffer input) {
      filled.add(input);
      failIn("fill", step);
    }

    @Override
    protected String read(NDList outputs, String step) {
      failIn("read", step);
      return step;
    }

    private static void failIn(String here, String step) {
      if (step.equals(here)) {
        throw new ModelException("expected no failure, found one in " + here);
      }
    }
  }

  @Test
  void run_failing_givesItsBufferBack(@TempDir Path folder) throws Exception {
    ModelFile file = ModelFile.of(SyntheticModels.meanOfPlanes(folder, 1, false));
    Failing translator = new Failing();
    try (OnnxModel model =
        OnnxModel.open(OnnxFile.read(file), NetworkOptions.defaults().withThreads(1))) {
      for (String step : List.of("fill", "read")) {
        assertThatThrownBy(() -> model.run(translator, step))
            .isInstanceOf(ModelException.class)
            .hasMessageEndingWith(step);
      }
      assertThat(model.run(translator, "none")).isEqualTo("none");
    }
    assertThat(translator.filled).hasSize(3);
    assertThat(translator.filled).allSatisfy(b -> assertThat(b).isSameAs(translator.filled.get(0)));
  }
}
