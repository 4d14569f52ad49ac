// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import io.omote.face.attribute.FaceMesh;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The description of MediaPipe's face mesh: a network that finds 478 points on a face, and
 * optionally one that computes 52 expression coefficients from them.
 *
 * <p>Mesh: input {@code [N,256,256,3]}, RGB, 0 to 1, channels last; outputs {@code [N,1,1,1434]}
 * (x, y and z of each point, in pixels of the input), {@code [N,1,1,1]} (the logit of presence) and
 * {@code [N,1]}, which is not used. Coefficients: input {@code [1,146,2]}, x and y of 146 points;
 * output {@code [52]}. Immutable and thread-safe.
 */
public final class FaceMeshModel implements AnalyzerModel<FaceMesh> {
  private final ModelFile mesh;
  private final @Nullable ModelFile coefficients;
  private final boolean singlePass;

  private FaceMeshModel(ModelFile mesh, @Nullable ModelFile coefficients, boolean singlePass) {
    this.mesh = Objects.requireNonNull(mesh, "mesh");
    this.coefficients = coefficients;
    this.singlePass = singlePass;
  }

  /**
   * Describes the mesh alone.
   *
   * @param mesh the network of the points
   * @return its description
   */
  public static FaceMeshModel of(ModelFile mesh) {
    return new FaceMeshModel(mesh, null, false);
  }

  /**
   * Describes the mesh and the coefficients.
   *
   * @param mesh the network of the points
   * @param coefficients the network of the coefficients
   * @return their description
   */
  public static FaceMeshModel of(ModelFile mesh, ModelFile coefficients) {
    return new FaceMeshModel(mesh, Objects.requireNonNull(coefficients, "coefficients"), false);
  }

  /**
   * Describes a file on disk, the mesh alone.
   *
   * @param mesh the ONNX file of the points
   * @return its description
   */
  public static FaceMeshModel of(Path mesh) {
    return of(ModelFile.of(mesh));
  }

  /**
   * Describes two files on disk.
   *
   * @param mesh the ONNX file of the points
   * @param coefficients the ONNX file of the coefficients
   * @return their description
   */
  public static FaceMeshModel of(Path mesh, Path coefficients) {
    return of(ModelFile.of(mesh), ModelFile.of(coefficients));
  }

  /**
   * Runs the mesh once for each face. By default it runs twice: the second time on the region that
   * the first points give, which halves their error.
   *
   * @return a copy with this change
   */
  public FaceMeshModel withSinglePass() {
    return new FaceMeshModel(mesh, coefficients, true);
  }

  /**
   * Returns the network of the points.
   *
   * @return the file
   */
  public ModelFile mesh() {
    return mesh;
  }

  /**
   * Returns the network of the coefficients.
   *
   * @return the file, empty if there are no coefficients
   */
  public Optional<ModelFile> coefficients() {
    return Optional.ofNullable(coefficients);
  }

  /**
   * Returns whether the mesh runs once for each face.
   *
   * @return false if it runs twice, which is the default
   */
  public boolean isSinglePass() {
    return singlePass;
  }

  @Override
  public List<ModelFile> files() {
    return coefficients == null ? List.of(mesh) : List.of(mesh, coefficients);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FaceMeshModel that
        && mesh.equals(that.mesh)
        && Objects.equals(coefficients, that.coefficients)
        && singlePass == that.singlePass;
  }

  @Override
  public int hashCode() {
    return Objects.hash(mesh, coefficients, singlePass);
  }

  @Override
  public String toString() {
    return "FaceMeshModel" + files() + (singlePass ? " (one pass)" : "");
  }
}
