// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.omote.face.FaceMatcher;
import io.omote.face.IdentificationPolicy;
import io.omote.face.models.ModelZoo;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before an image is read. */
class EvaluatorTest {
  @TempDir private Path folder;
  private Protocol protocol;

  @BeforeEach
  void makeImages() throws IOException {
    for (String name : new String[] {"ann", "bob", "cid"}) {
      Path file = folder.resolve("set").resolve(name).resolve("1.jpg");
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
    protocol = Protocol.read(folder.resolve("set"));
  }

  /** A matcher that only has an id. */
  private static FaceMatcher named(String id) {
    return (FaceMatcher)
        Proxy.newProxyInstance(
            FaceMatcher.class.getClassLoader(),
            new Class<?>[] {FaceMatcher.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("modelId")) {
                return id;
              }
              throw new IllegalStateException(method.getName());
            });
  }

  /** Otherwise embeddings of one model would be reported under the name of another. */
  @Test
  void embed_withTheWorkFolderOfOtherModels_isRefused() {
    Evaluator evaluator =
        Evaluator.create().withWorkFolder(folder.resolve("work"), ModelZoo.lite());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> evaluator.embed(protocol, named("m:1")))
        .withMessageContaining("m:1");
  }

  @Test
  void identification_withoutRounds_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Evaluator.create()
                    .identification(
                        protocol, named("m:1"), IdentificationPolicy.ofThreshold(0.5), 1, 0))
        .withMessageContaining("at least one round");
  }

  @Test
  @SuppressWarnings("NullAway")
  void withNull_isRefusedAtOnce() {
    Evaluator evaluator = Evaluator.create();
    assertThatNullPointerException().isThrownBy(() -> evaluator.withProgress(null));
    assertThatNullPointerException().isThrownBy(() -> evaluator.withUnreadable(null));
    assertThatNullPointerException()
        .isThrownBy(() -> evaluator.withWorkFolder(null, ModelZoo.lite()));
    assertThatNullPointerException().isThrownBy(() -> evaluator.withWorkFolder(folder, null));
  }
}
