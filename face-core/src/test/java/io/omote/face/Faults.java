// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.omote.face.ImageException.Reason;
import org.assertj.core.api.ThrowingConsumer;

/** Expectations about exceptions of images. */
public final class Faults {
  private Faults() {}

  /** Accepts an {@link ImageException} with this reason whose message has all three parts. */
  public static ThrowingConsumer<Throwable> fault(Reason reason) {
    return thrown -> {
      assertThat(thrown).isInstanceOf(ImageException.class);
      ImageException fault = (ImageException) thrown;
      assertThatObject(fault.reason()).as(fault.getMessage()).isEqualTo(reason);
      assertThat(fault)
          .hasMessageContaining("expected %s, found %s: ", fault.allowed(), fault.found());
    };
  }
}
