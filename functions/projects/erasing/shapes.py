"""What is sent about people who are erased. Unknown fields are refused."""

from typing import Annotated

from pydantic import BaseModel, Field

from functions.projects.layers.shapes import Address
from functions.projects.sent import asked


class OutsiderErasure(BaseModel):
    """Who is erased."""

    model_config = asked({"address": "mary@example.com"})

    address: Annotated[Address, Field(description="By which policies and probes name them.")]
