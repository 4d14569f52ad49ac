// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.Device;
import io.omote.face.DeviceUnavailableException;
import io.omote.face.FaceMatcher;
import io.omote.face.models.ModelZoo;
import java.nio.file.Path;

/** Compares two images on the first GPU. Arguments: REFERENCE PROBE. */
public class CompareOnAGpu {
  public static void main(String[] args) {
    Path reference = Path.of(args[0]);
    Path probe = Path.of(args[1]);
    try (FaceMatcher matcher = FaceMatcher.builder(ModelZoo.lite()).device(Device.gpu(0)).build()) {
      System.out.println(matcher.compare(reference, probe).similarity());
    } catch (DeviceUnavailableException e) {
      System.err.println(e.getMessage()); // lists the libraries that are missing
    }
  }
}
