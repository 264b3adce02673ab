"""Change the table of clusters."""

from app.domain.clusters.commands import CreateCluster, UpdateCluster
from app.domain.clusters.errors import ClusterInUse, ClusterNameTaken, ClusterNotFound
from app.domain.references.write_service import Kind, ReferenceWriteService
from app.models import Cluster, Instance


class ClusterWriteService(ReferenceWriteService[Cluster]):
    """Create, change and delete clusters."""

    kind = Kind(
        model=Cluster,
        entity_type="cluster",
        title=Cluster.name,
        link=(Instance.cluster_id,),
        order=(Cluster.name,),
        fields=("name", "kind", "external_id", "description"),
        create_command=CreateCluster,
        update_command=UpdateCluster,
        not_found=ClusterNotFound,
        taken=ClusterNameTaken,
        in_use=ClusterInUse,
    )
