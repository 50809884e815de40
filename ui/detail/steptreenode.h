#pragma once

#include "detail/steptreemodel.h"

/// A row of the tree; for the model's own sources only.
struct StepTreeModel::Node {
    TaskStep step; ///< without its children: they are nodes
    Node *parent = nullptr;
    int row = 0;
    std::vector<std::unique_ptr<Node>> children;
};
